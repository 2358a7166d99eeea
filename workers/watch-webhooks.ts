import { setTimeout as sleep } from 'node:timers/promises';
import { deliverWebhooks } from '../src/flow/deliver-webhooks.js';
import type { Ports } from '../src/flow/ports.js';

/** Without a delivery that waits, one look in this time; a new one wakes us. */
const IDLE_MS = 30_000;
const AFTER_ERROR_MS = 1_000;
const TIDY_MS = 3_600_000;
const KEPT_MS = 30 * 24 * 3_600_000;

/** Sends webhooks when they are due, and forgets those that ended a month ago. Ends with the signal. */
export async function watchWebhooks(
  ports: Pick<Ports, 'stores' | 'clock' | 'wakeups' | 'log' | 'webhookSender'>,
  signal: AbortSignal,
): Promise<void> {
  const { stores, clock, wakeups, log } = ports;
  let tidyAt = clock.now().getTime() + TIDY_MS;
  while (!signal.aborted) {
    try {
      const next = await deliverWebhooks(ports, signal);
      if (clock.now().getTime() >= tidyAt) {
        tidyAt = clock.now().getTime() + TIDY_MS;
        await stores.webhooks.forget(new Date(clock.now().getTime() - KEPT_MS));
      }
      const waitMs = next === null ? IDLE_MS : next.getTime() - clock.now().getTime();
      if (waitMs > 0) await wakeups.wait('webhooks', Math.min(waitMs, IDLE_MS), signal);
    } catch (error) {
      log('webhook.round-failed', { error }); // the next round tries again
      await sleep(AFTER_ERROR_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
