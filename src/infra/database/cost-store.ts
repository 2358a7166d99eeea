import type { JobId, PersonId } from '../../domain/ids.js';
import type { CostStore } from '../../flow/ports/provider-stores.js';
import type { Db, StoreContext } from './store-context.js';
import { uuids } from './uuids.js';

export function costStore({ db, together }: StoreContext): CostStore {
  return {
    reserve: ({ jobId, personId, amount, budget, at }) =>
      together(async (tx) => {
        // whoever asks at the same moment waits here: two halves of a budget cannot both fit twice
        await tx.$executeRaw`SELECT FROM person WHERE id = ${personId}::uuid FOR NO KEY UPDATE`;
        const left = budget - (await spent(tx, personId, at));
        if (amount > left) return { accepted: false, left: Math.max(0, left) };
        await tx.jobCost.create({ data: { jobId, personId, reserved: amount, at } });
        return { accepted: true };
      }),
    async charge(jobId, amount) {
      await db.$executeRaw`
        UPDATE job_cost SET charged = least(reserved, charged + ${amount}) WHERE job_id = ${jobId}::uuid`;
    },
    async byJobs(jobIds) {
      const rows = await db.jobCost.findMany({ where: { jobId: { in: uuids(jobIds) } } });
      return new Map(rows.map(({ jobId, reserved, charged }) => [jobId as JobId, { reserved, charged }]));
    },
    spent: (personId, at) => spent(db, personId, at),
  };
}

async function spent(db: Db, personId: PersonId, at: Date): Promise<number> {
  const [row] = await db.$queryRaw<{ sum: number }[]>`
    SELECT coalesce(sum(CASE WHEN j.status IN ('QUEUED', 'RUNNING') THEN c.reserved ELSE c.charged END), 0)::float8 AS sum
      FROM job_cost c JOIN job j ON j.id = c.job_id
     WHERE c.person_id = ${personId}::uuid AND c.at >= date_trunc('day', ${at}::timestamptz, 'UTC')`;
  return row?.sum ?? 0;
}
