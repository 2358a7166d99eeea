import type { JobId } from '../../domain/ids.js';
import type { JobName } from '../../flow/jobs.js';
import type { JobStore } from '../../flow/ports/stores.js';
import { asJson } from './as-json.js';
import { jobLog } from './job-log.js';
import { jobTransitions } from './job-transitions.js';
import { queueOutlook } from './queue-outlook.js';
import { holdPerson } from './row-locks.js';
import type { Db, StoreContext } from './store-context.js';
import { toJob } from './to-job.js';
import { isUuid, uuids } from './uuids.js';

export function jobStore({ db }: StoreContext): JobStore {
  return {
    ...jobTransitions(db),
    async byId(id) {
      const row = isUuid(id) ? await db.job.findUnique({ where: { id } }) : null;
      return row && toJob(row);
    },
    byIds: async (ids) => (await db.job.findMany({ where: { id: { in: uuids(ids) } } })).map(toJob),
    ofPerson: async (personId, { first, after, name }) =>
      (
        await db.job.findMany({
          where: {
            personId,
            ...(name === undefined ? {} : { name }),
            ...(after === undefined ? {} : { id: { lt: after } }),
          },
          orderBy: { id: 'desc' },
          take: first,
        })
      ).map(toJob),
    async countOpen(personId) {
      // whoever asks at the same moment waits here: two cannot both take the last place
      await holdPerson(db, personId);
      return db.job.count({ where: { personId, status: { in: ['QUEUED', 'RUNNING'] } } });
    },
    async latest(name) {
      const row = await db.job.findFirst({
        where: { name },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      });
      return row && toJob(row);
    },
    create: async ({ payload, ...job }) =>
      toJob(await db.job.create({ data: { ...job, status: 'QUEUED', payload: asJson(payload) } })),
    eventsAfter: jobLog(db),
    queuePosition: (id) => queuePosition(db, id),
    withoutMessage: (before, limit) => withoutMessage(db, before, limit),
    outlook: (id, at) => queueOutlook(db, id, at),
    withDeadline: (limit) => withDeadline(db, limit),
    failed: async (limit) =>
      (
        await db.job.findMany({
          where: { status: 'FAILED' },
          orderBy: [{ finishedAt: 'desc' }, { id: 'desc' }],
          take: limit,
        })
      ).map(toJob),
  };
}

async function queuePosition(db: Db, id: JobId): Promise<number> {
  const [row] = await db.$queryRaw<{ ahead: number }[]>`
    SELECT count(*)::int AS ahead FROM job other JOIN job mine ON mine.id = ${id}::uuid
     WHERE mine.status = 'QUEUED' AND other.name = mine.name AND other.status = 'QUEUED'
       AND (other.created_at, other.id) < (mine.created_at, mine.id)`;
  return row?.ahead ?? 0;
}

/** Failed messages count as there: their copy in the dead letter queue ends the job. */
const withoutMessage = (db: Db, before: Date, limit: number) => db.$queryRaw<{ id: JobId; name: JobName }[]>`
  SELECT j.id, j.name FROM job j
   WHERE j.status IN ('QUEUED', 'RUNNING') AND j.created_at < ${before}
     AND NOT EXISTS (SELECT FROM pgboss.job m WHERE m.name = j.name AND m.id = j.id
                        AND m.state IN ('created', 'retry', 'active', 'failed'))
   ORDER BY j.created_at LIMIT ${limit}`;

/** Repeats the condition of the partial index word for word. */
const withDeadline = (db: Db, limit: number) => db.$queryRaw<{ id: JobId; deadline: Date }[]>`
  SELECT id, deadline FROM job WHERE status IN ('QUEUED', 'RUNNING') AND deadline IS NOT NULL
   ORDER BY deadline LIMIT ${limit}`;
