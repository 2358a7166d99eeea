import { laterNews, type RunNews } from '../../domain/provider-run.js';
import type { ProviderRunStore } from '../../flow/ports/provider-stores.js';
import { asJson } from './as-json.js';
import type { Db, StoreContext } from './store-context.js';

/** Deliveries older than five minutes are refused by their age: an hour is far on the safe side. */
const REMEMBERED_MS = 3_600_000;
/** Told, and begun by nobody here within a day: another installation's, with the same secret. */
const STRANGE_MS = 24 * 3_600_000;

export function providerRunStore({ db, together }: StoreContext): ProviderRunStore {
  return {
    latest: (jobId, outputIndex) =>
      db.providerRun.findFirst({
        where: { jobId, outputIndex },
        orderBy: { updatedAt: 'desc' },
        select: { provider: true, runId: true },
      }),
    async begin({ provider, runId, jobId, index: outputIndex, at }) {
      await db.providerRun.upsert({
        where: { provider_runId: { provider, runId } },
        create: { provider, runId, jobId, outputIndex, updatedAt: at },
        update: { jobId, outputIndex },
      });
    },
    tell: (provider, runId, news, at) =>
      together(async (tx) => {
        await tx.$executeRaw`
          INSERT INTO provider_run (provider, run_id, updated_at) VALUES (${provider}, ${runId}, ${at})
          ON CONFLICT DO NOTHING`;
        const [row] = await tx.$queryRaw<{ news: RunNews | null }[]>`
          SELECT news FROM provider_run WHERE provider = ${provider} AND run_id = ${runId} FOR UPDATE`;
        const known = row?.news ?? null;
        const later = known === null ? news : laterNews(known, news);
        if (later === known) return;
        await tx.providerRun.update({
          where: { provider_runId: { provider, runId } },
          data: { news: asJson(later), updatedAt: at },
        });
      }),
    async news(provider, runId) {
      const row = await db.providerRun.findUnique({ where: { provider_runId: { provider, runId } } });
      return row && { news: row.news as RunNews | null, updatedAt: row.updatedAt };
    },
    async isNewDelivery(provider, deliveryId, at) {
      const added = await db.$executeRaw`
        INSERT INTO webhook_delivery (provider, delivery_id, at) VALUES (${provider}, ${deliveryId}, ${at})
        ON CONFLICT DO NOTHING`;
      if (added === 0) return false; // a flood of repeats costs one statement each
      await forgetOld(db, at);
      return true;
    },
  };
}

async function forgetOld(db: Db, at: Date): Promise<void> {
  const before = (ms: number) => ({ lt: new Date(at.getTime() - ms) });
  await db.webhookDelivery.deleteMany({ where: { at: before(REMEMBERED_MS) } });
  await db.providerRun.deleteMany({ where: { jobId: null, updatedAt: before(STRANGE_MS) } });
}
