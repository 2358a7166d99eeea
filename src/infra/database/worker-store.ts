import type { WorkerStore } from '../../flow/ports/queue-outlook.js';
import type { StoreContext } from './store-context.js';

/** A worker says every 10 s that it is there; one that missed two of those has gone. */
export const WORKER_ALIVE_MS = 25_000;
const FORGOTTEN_MS = 3_600_000;

export function workerStore({ db }: StoreContext): WorkerStore {
  return {
    async seen(id, slots, at) {
      await db.worker.upsert({
        where: { id },
        create: { id, slots, seenAt: at },
        update: { slots, seenAt: at },
      });
      await db.worker.deleteMany({ where: { seenAt: { lt: new Date(at.getTime() - FORGOTTEN_MS) } } });
    },
    async gone(id) {
      await db.worker.deleteMany({ where: { id } });
    },
  };
}
