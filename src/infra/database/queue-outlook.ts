import type { JobId } from '../../domain/ids.js';
import type { QueueOutlook } from '../../flow/ports/queue-outlook.js';
import type { Db } from './store-context.js';
import { isUuid } from './uuids.js';
import { WORKER_ALIVE_MS } from './worker-store.js';

/** Of how many finished jobs the time per unit is taken: enough to be steady, few enough to follow a change. */
const MEASURED = 20;

/** Everything that an estimate needs, in one statement, so that it is one moment of the queue. */
export async function queueOutlook(db: Db, id: JobId, at: Date): Promise<QueueOutlook | null> {
  if (!isUuid(id)) return null;
  const alive = new Date(at.getTime() - WORKER_ALIVE_MS);
  const [row] = await db.$queryRaw<QueueOutlook[]>`
    WITH mine AS (SELECT * FROM job WHERE id = ${id}::uuid),
    sized AS (
      SELECT j.*, CASE jsonb_typeof(j.payload->'count') WHEN 'number' THEN (j.payload->>'count')::int ELSE 1 END AS units,
             extract(epoch FROM ${at} - j.started_at)::float8 AS elapsed
        FROM job j JOIN mine ON mine.name = j.name WHERE j.status IN ('QUEUED', 'RUNNING')),
    last AS (
      SELECT extract(epoch FROM j.finished_at - j.started_at)::float8 AS seconds,
             CASE jsonb_typeof(j.payload->'count') WHEN 'number' THEN (j.payload->>'count')::int ELSE 1 END AS units
        FROM job j JOIN mine ON mine.name = j.name WHERE j.status IN ('SUCCEEDED', 'PARTIALLY_SUCCEEDED')
       ORDER BY j.finished_at DESC LIMIT ${MEASURED})
    SELECT mine.status, mine.progress, coalesce(own.units, 1) AS units, own.elapsed AS "elapsedSeconds",
      (SELECT coalesce(jsonb_agg(jsonb_build_object('units', units, 'progress', progress, 'elapsedSeconds', elapsed)), '[]')
         FROM sized WHERE status = 'RUNNING' AND sized.id <> mine.id) AS running,
      (SELECT coalesce(jsonb_agg(sized.units ORDER BY created_at, id), '[]')
         FROM sized WHERE status = 'QUEUED' AND (sized.created_at, sized.id) < (mine.created_at, mine.id)) AS ahead,
      (SELECT coalesce(sum((slots->>mine.name)::int), 0)::int FROM worker WHERE seen_at > ${alive}) AS slots,
      (SELECT sum(seconds) / sum(units) FROM last) AS "secondsPerUnit"
      FROM mine LEFT JOIN sized own ON own.id = mine.id`;
  return row ?? null;
}
