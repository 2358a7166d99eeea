import type { WebhooksQuery } from '../generated/graphql.js';

type Hook = WebhooksQuery['viewer']['webhooks'][number];
type Looked = Pick<Hook, 'isOn'> & {
  readonly deliveries: readonly Pick<Hook['deliveries'][number], 'state' | 'attempts'>[];
};

/** The first two tries come within seconds (docs/webhooks.md); what has failed twice waits for minutes. */
const QUICK_TRIES = 2;
const [SOON_MS, SOMETIMES_MS] = [2_000, 30_000];

/** After how many milliseconds there may be news; 0: only when something is done. */
export function lookAgainMs(webhooks: readonly Looked[]): number {
  const isMoving = webhooks.some(({ deliveries }) =>
    deliveries.some(({ state, attempts }) => state === 'WAITING' && attempts < QUICK_TRIES),
  );
  if (isMoving) return SOON_MS;
  return webhooks.some(({ isOn }) => isOn) ? SOMETIMES_MS : 0;
}
