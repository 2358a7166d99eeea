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
      const next = await expireDue({ stores, clock });
      const waitMs = next === null ? IDLE_MS : next.getTime() - clock.now().getTime();
      if (waitMs > 0) await wakeups.wait('deadlines', Math.min(waitMs, IDLE_MS), signal);
    } catch (error) {
      log('jobs.deadlines-failed', { error }); // the next round tries again
      await sleep(AFTER_ERROR_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Ends what is due; answers when the next job is, or null when none has a deadline. */
async function expireDue({ stores, clock }: Pick<Ports, 'stores' | 'clock'>): Promise<Date | null> {
  const open = await stores.jobs.withDeadline(BATCH);
  const now = clock.now();
  const due = open.filter(({ deadline }) => deadline <= now);
  for (const { id } of due) await stores.jobs.finish(id, null, { status: 'EXPIRED' }, clock.now());
  return open[due.length]?.deadline ?? (due.length === BATCH ? now : null);
}
