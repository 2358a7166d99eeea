import { setTimeout as sleep } from 'node:timers/promises';
import type { Ports } from '../src/flow/ports.js';

/** Without a job that has a deadline, one look in this time; a new one wakes us. */
const IDLE_MS = 30_000;
const AFTER_ERROR_MS = 1_000;
const BATCH = 100;

/**
 * Ends jobs at their deadline that nobody has in hand: those that wait behind others, and those whose worker died. A job that runs
 * is ended by its runner's own timer; whoever comes first writes the end. Ends with the signal.
 */
export async function watchDeadlines(
  { stores, clock, wakeups, log }: Pick<Ports, 'stores' | 'clock' | 'wakeups' | 'log'>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const [next, ...later] = await stores.jobs.withDeadline(BATCH);
      const now = clock.now();
      const due = [next, ...later].filter((job) => job !== undefined && job.deadline <= now);
      for (const job of due)
        if (job) await stores.jobs.finish(job.id, null, { status: 'EXPIRED' }, clock.now());
      const waitMs = next === undefined ? IDLE_MS : next.deadline.getTime() - clock.now().getTime();
      if (due.length === 0) await wakeups.wait('deadlines', Math.min(waitMs, IDLE_MS), signal);
    } catch (error) {
      log('jobs.deadlines-failed', { error }); // the next round tries again
      await sleep(AFTER_ERROR_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
