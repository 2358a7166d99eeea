import { setTimeout as sleep } from 'node:timers/promises';
import type { JobName } from '../src/flow/jobs.js';
import type { JobId } from '../src/domain/ids.js';
import { purgeDeleted } from '../src/flow/purge-deleted.js';
import type { Ports } from '../src/flow/ports.js';

interface Resender {
  resend(jobs: readonly { readonly name: JobName; readonly id: JobId }[]): Promise<number>;
}

const EVERY_MS = 15_000;
/** Younger rows may belong to a transaction whose message this statement does not see yet. */
const GRACE_MS = 10_000;
const BATCH = 200;

/**
 * Sends again what has a row but no message, e.g. after the queue's tables were restored or emptied by hand, and removes deleted
 * works whose time of grace is over. Ends with the signal.
 */
export async function sweep(
  { stores, clock, log, pictures }: Pick<Ports, 'stores' | 'clock' | 'log' | 'pictures'>,
  queue: Resender,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const before = new Date(clock.now().getTime() - GRACE_MS);
      const lost = await stores.jobs.withoutMessage(before, BATCH);
      if (lost.length > 0) log('jobs.resent', { count: await queue.resend(lost) });
      await purgeDeleted({ stores, clock, pictures });
    } catch (error) {
      log('jobs.sweep-failed', { error }); // the next round tries again
    }
    await sleep(EVERY_MS, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}
