import { auditEvents, type Read } from './audit-events.js';
import type { Site } from './open-site.js';
import { ids } from './secret.js';

/** What was asked for, and what its reader saw. */
export interface Asked extends Read {
  readonly count: number;
  readonly isPoison: boolean;
}

/** Compares what was asked for with what the database holds and what the readers saw. All figures but `jobs` must be 0. */
export async function auditJobs({ query }: Site, asked: readonly Asked[]): Promise<Record<string, number>> {
  const rows = await query<JobRow>(JOBS);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const pairs = asked.map((one) => ({ asked: one, row: byId.get(ids.open('Job', one.jobId)) }));
  const known = new Set<string>(pairs.map(({ row }) => row?.id ?? ''));
  const count = (isBad: (pair: (typeof pairs)[number]) => boolean) => pairs.filter(isBad).length;
  return {
    jobs: asked.length,
    lostJobs: count(({ row }) => row === undefined),
    stuckJobs: count(({ row }) => row !== undefined && ['QUEUED', 'RUNNING'].includes(row.status)),
    doubleJobs: rows.filter(({ id }) => !known.has(id)).length,
    wrongEnds: count(
      ({ asked: { isPoison }, row }) => row !== undefined && !isRightEnd(row.status, isPoison),
    ),
    lostOutputs: count(
      ({ asked: { count: wanted }, row }) => row?.status === 'SUCCEEDED' && row.outputs !== wanted,
    ),
    doubleOutputs: await doubleOutputs(query),
    ...(await wrongCharges(query)),
    ...(await auditEvents(query, asked)),
  };
}

const isRightEnd = (status: string, isPoison: boolean): boolean =>
  ['QUEUED', 'RUNNING', 'CANCELED', isPoison ? 'FAILED' : 'SUCCEEDED'].includes(status);

interface JobRow {
  readonly id: string;
  readonly status: string;
  readonly outputs: number;
}
const JOBS = `SELECT j.id, j.status, (SELECT count(*)::int FROM work w WHERE w.job_id = j.id) AS outputs FROM job j`;

/** An output stored, shown in the gallery or announced twice, an item without its work, an end written twice, news after the end. */
async function doubleOutputs(query: Site['query']): Promise<number> {
  const [row] = await query<{ bad: number }>(`SELECT (
      (SELECT count(*) FROM (SELECT FROM work GROUP BY job_id, index HAVING count(*) > 1) a)
    + (SELECT count(*) FROM (SELECT FROM gallery_change WHERE kind = 'ADDED' GROUP BY item_id HAVING count(*) > 1) b)
    + (SELECT count(*) FROM (SELECT FROM job_event WHERE kind = 'OUTPUT_READY'
                              GROUP BY job_id, output_index HAVING count(*) > 1) c)
    + (SELECT count(*) FROM item i WHERE origin = 'GENERATED' AND NOT EXISTS (SELECT FROM work w WHERE w.item_id = i.id))
    + (SELECT count(*) FROM (SELECT FROM job_event WHERE kind = 'FINISHED' GROUP BY job_id HAVING count(*) > 1) e)
    + (SELECT count(*) FROM job_event f JOIN job_event later ON later.job_id = f.job_id AND later.seq > f.seq
        WHERE f.kind = 'FINISHED'))::int AS bad`);
  return row?.bad ?? NaN;
}

/** Every output that is there is charged once, at the price that was reserved for it, and nothing else is. */
async function wrongCharges(query: Site['query']): Promise<Record<string, number>> {
  const [row] = await query<{ doubleCharges: number; lostCharges: number }>(`
    SELECT count(*) FILTER (WHERE charged > owed)::int AS "doubleCharges",
           count(*) FILTER (WHERE charged < owed)::int AS "lostCharges"
      FROM (SELECT c.charged,
                   c.reserved / (j.payload->>'count')::int * (SELECT count(*) FROM work w WHERE w.job_id = j.id) AS owed
              FROM job_cost c JOIN job j ON j.id = c.job_id) AS cost`);
  return row ?? { doubleCharges: NaN, lostCharges: NaN };
}
