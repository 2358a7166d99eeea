import type { WorkerStore } from '../../flow/ports/queue-outlook.js';
import type { StoreContext } from './store-context.js';

/** A worker says every 10 s that it is there; one that missed two of those has gone. */
export const WORKER_ALIVE_MS = 25_000;
const FORGOTTEN_MS = 3_600_000;

export function workerStore({ db }: StoreContext): WorkerStore {
  return {
    async seen(id, slots, at) {
      await db.$executeRaw`
        WITH forgotten AS (DELETE FROM worker WHERE id IN (
          SELECT id FROM worker WHERE seen_at < ${new Date(at.getTime() - FORGOTTEN_MS)} AND id <> ${id}::uuid FOR UPDATE SKIP LOCKED))
        INSERT INTO worker (id, slots, seen_at) VALUES (${id}::uuid, ${JSON.stringify(slots)}::jsonb, ${at})
        ON CONFLICT (id) DO UPDATE SET slots = excluded.slots, seen_at = excluded.seen_at`;
    },
    async gone(id) {
      await db.worker.deleteMany({ where: { id } });
    },
  };
}
