import DataLoader from 'dataloader';
import type { JobId } from '../../domain/ids.js';
import type { JobEvent } from '../../domain/job.js';
import type { JobEvent as EventRow } from '../../generated/prisma/client.js';
import type { Db } from './store-context.js';
import { isUuid } from './uuids.js';

interface Ask {
  readonly id: JobId;
  readonly after: bigint;
  readonly limit: number;
}
type Row = Pick<EventRow, 'seq' | 'jobId' | 'at' | 'kind' | 'body'> & { readonly place: number };

const MOST_TOGETHER = 500;

/**
 * The events of a job after a sequence number, oldest first. All that is asked in one turn of the event loop is one statement, and what
 * several ask alike is read once: a notice wakes every reader of a job in the same turn. Nothing is shared with a statement that is
 * already under way, which may have begun before the event that the reader was woken for.
 */
export function jobLog(db: Db): (id: JobId, after: bigint, limit: number) => Promise<JobEvent[]> {
  const loader = new DataLoader((asks: readonly Ask[]) => readLogs(db, asks), {
    cache: false,
    maxBatchSize: MOST_TOGETHER,
    batchScheduleFn: (send) => void setImmediate(send),
  });
  return async (id, after, limit) => (isUuid(id) ? loader.load({ id, after, limit }) : []);
}

async function readLogs(db: Db, asks: readonly Ask[]): Promise<JobEvent[][]> {
  const keyOf = ({ id, after, limit }: Ask) => `${id} ${after} ${limit}`;
  const different = new Map(asks.map((ask) => [keyOf(ask), ask]));
  const places = new Map([...different.keys()].map((key, place) => [key, place]));
  const told = [...different.values()].map(({ id, after, limit }, place) => ({
    ...{ place, id, limit },
    after: String(after), // no number holds every bigint
  }));
  const rows = await db.$queryRaw<Row[]>`
    SELECT ask.place, e.seq, e.job_id AS "jobId", e.at, e.kind, e.body
      FROM jsonb_to_recordset(${JSON.stringify(told)}::jsonb) AS ask(place int, id uuid, after bigint, "limit" int)
     CROSS JOIN LATERAL (
           SELECT * FROM job_event WHERE job_id = ask.id AND seq > ask.after ORDER BY seq LIMIT ask."limit") e
     ORDER BY ask.place, e.seq`;
  const found = told.map((): JobEvent[] => []);
  for (const { place, ...row } of rows) found[place]?.push(toJobEvent(row));
  return asks.map((ask) => found[places.get(keyOf(ask)) ?? -1] ?? []);
}

const toJobEvent = ({ seq, jobId, at, kind, body }: Omit<Row, 'place'>): JobEvent =>
  ({ ...(body as object), seq, jobId, at, kind }) as unknown as JobEvent;
