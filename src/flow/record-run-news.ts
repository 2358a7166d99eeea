import type { RunNews } from '../domain/provider-run.js';
import type { Ports } from './ports.js';

/** One webhook, checked: whose it is, and how the run stands. */
export interface RunDelivery {
  readonly provider: string;
  readonly deliveryId: string;
  readonly runId: string;
  readonly news: RunNews;
}

/** Writes down what a provider tells about a run, once per delivery, in any order; whoever follows the run wakes up. */
export async function recordRunNews(
  { transaction, clock }: Pick<Ports, 'transaction' | 'clock'>,
  { provider, deliveryId, runId, news }: RunDelivery,
): Promise<{ readonly isNew: boolean }> {
  return transaction(async ({ providerRuns }) => {
    const at = clock.now();
    const isNew = await providerRuns.isNewDelivery(provider, deliveryId, at);
    if (isNew) await providerRuns.tell(provider, runId, news, at);
    return { isNew };
  });
}
