import { setTimeout as sleep } from 'node:timers/promises';
import type { JobName } from '../src/flow/jobs.js';
import type { Ports } from '../src/flow/ports.js';

const EVERY_MS = 10_000;

/** Says that this worker is there and what it takes at once, until the signal; estimates of waiting times count on it. */
export async function announcePresence(
  { stores, clock, ids, log }: Pick<Ports, 'stores' | 'clock' | 'ids' | 'log'>,
  slots: Readonly<Record<JobName, number>>,
  signal: AbortSignal,
): Promise<void> {
  const id = ids.next();
  while (!signal.aborted) {
    await stores.workers
      .seen(id, slots, clock.now())
      .catch((error: unknown) => log('worker.presence-failed', { error }));
    await sleep(EVERY_MS, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
  await stores.workers.gone(id).catch((error: unknown) => log('worker.presence-failed', { error }));
}
