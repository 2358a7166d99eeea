import type { JobId } from '../../domain/ids.js';
import type { JobStore } from '../../flow/ports/stores.js';
import { Prisma, type Job as Row } from '../../generated/prisma/client.js';
import type { Db } from './store-context.js';
import { toJob } from './to-job.js';

type Transitions = Pick<JobStore, 'start' | 'progress' | 'outputReady' | 'finish' | 'appendQueued'>;

interface Transition {
  readonly id: JobId;
  readonly at: Date;
  readonly when: Prisma.Sql;
  readonly set: Prisma.Sql;
  readonly event: {
    readonly kind: string;
    /** A jsonb expression over the job's new row. */
    readonly body: Prisma.Sql;
    readonly outputIndex?: number;
  };
}

/** Each is one statement: the row changes and the log grows together, and the row's lock puts the log in order. */
export function jobTransitions(db: Db): Transitions {
  const applied = async (transition: Transition) => (await apply(db, transition)) !== null;
  return {
    async start(id, at) {
      const row = await apply(db, {
        ...{ id, at, when: isUnfinished },
        set: Prisma.sql`status = 'RUNNING', attempt = attempt + 1, fence = fence + 1, progress = 0, stage = 'starting',
                        started_at = ${at}`,
        event: { kind: 'STARTED', body: Prisma.sql`jsonb_build_object('attempt', attempt)` },
      });
      return row && toJob(row);
    },
    progress: (id, fence, { progress, stage, previewHash }, at) =>
      applied({
        ...{ id, at, when: isHolder(fence) },
        set: Prisma.sql`progress = ${progress}, stage = ${stage}`,
        event: { kind: 'PROGRESSED', body: json({ progress, stage, previewHash }) },
      }),
    outputReady: (id, fence, { index, itemId }, at) =>
      applied({
        ...{ id, at, when: isHolder(fence) },
        set: Prisma.sql`fence = fence`,
        event: { kind: 'OUTPUT_READY', body: json({ index, itemId }), outputIndex: index },
      }),
    finish: (id, fence, { status, result, failure }, at) =>
      applied({
        ...{ id, at, when: fence === null ? isUnfinished : isHolder(fence) },
        set: Prisma.sql`status = ${status}, finished_at = ${at}, stage = 'finished', result = ${orNull(result)},
                        failure = ${orNull(failure)},
                        progress = CASE WHEN ${status} = 'SUCCEEDED' THEN 1 ELSE progress END`,
        event: { kind: 'FINISHED', body: json({ status }) },
      }),
    async appendQueued(id, { queuePosition, etaSeconds }, at) {
      await applied({
        ...{ id, at, when: isUnfinished, set: Prisma.sql`fence = fence` },
        event: { kind: 'QUEUED', body: json({ queuePosition, etaSeconds }) },
      });
    },
  };
}

const isUnfinished = Prisma.sql`status IN ('QUEUED', 'RUNNING')`;
const isHolder = (fence: number): Prisma.Sql => Prisma.sql`status = 'RUNNING' AND fence = ${fence}`;
const json = (value: object): Prisma.Sql => Prisma.sql`${JSON.stringify(value)}::jsonb`;
const orNull = (value: object | null | undefined): Prisma.Sql =>
  value === null || value === undefined ? Prisma.sql`NULL` : json(value);

async function apply(db: Db, { id, at, when, set, event }: Transition): Promise<Row | null> {
  const [row] = await db.$queryRaw<Row[]>`
    WITH changed AS (
      UPDATE job SET ${set} WHERE id = ${id}::uuid AND ${when} RETURNING *
    ), logged AS (
      INSERT INTO job_event (job_id, at, kind, body, output_index)
      SELECT id, ${at}, ${event.kind}, ${event.body}, ${event.outputIndex ?? null}::int FROM changed
      ON CONFLICT (job_id, output_index) DO NOTHING
    )
    SELECT id, name, person_id AS "personId", status, progress, stage, attempt, max_attempts AS "maxAttempts", fence,
           payload, result, failure, created_at AS "createdAt", started_at AS "startedAt",
           finished_at AS "finishedAt", deadline
      FROM changed`;
  return row ?? null;
}
