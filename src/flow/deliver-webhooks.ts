import { DomainError } from '../domain/errors.js';
import { seededRandom } from '../domain/random.js';
import { isGivenUp, nextTryAt } from '../domain/webhook.js';
import type { Ports } from './ports.js';
import type { WebhookClaim } from './ports/webhook-ports.js';

type DeliveryPorts = Pick<Ports, 'stores' | 'clock' | 'log' | 'webhookSender'>;

const AT_ONCE = 10;
const TIMEOUT_MS = 15_000;
/** A worker that says nothing for so long has died with its deliveries; somebody else tries them again. */
const LEASE_MS = 60_000;
/** The receiver says that nobody lives there any more. */
const GONE = 410;

/** Tries what is due, a few at a time; returns when the next one will be, or null when none waits. */
export async function deliverWebhooks(ports: DeliveryPorts, signal: AbortSignal): Promise<Date | null> {
  const { stores, clock } = ports;
  for (;;) {
    const claims = await stores.webhooks.claim(clock.now(), LEASE_MS, AT_ONCE);
    await Promise.all(claims.map((claim) => deliver(ports, claim, signal)));
    if (claims.length < AT_ONCE || signal.aborted) return stores.webhooks.nextAt();
  }
}

/** How one try ended: the receiver's status, or why none came. */
type Attempt =
  { readonly status: number; readonly error: null } | { readonly status: null; readonly error: string };

async function deliver(ports: DeliveryPorts, claim: WebhookClaim, signal: AbortSignal): Promise<void> {
  const { stores, clock } = ports;
  const { delivery, endpoint } = claim;
  const { status, error } = await attempt(ports, claim, signal);
  if (signal.aborted && status === null) return; // this process stops: the lease ends and another one tries
  if (status === null) await fail(ports, claim, { status, error });
  else if (status >= 200 && status < 300) await stores.webhooks.delivered(delivery, status, clock.now());
  else if (status === GONE) await stores.webhooks.switchTo(endpoint.id, false, 'it answered 410 Gone');
  else await fail(ports, claim, { status, error: `status ${status} came, 2xx was wanted` });
}

/** Only what the receiver did counts against it: a store that fails is not caught here. */
async function attempt(
  { clock, webhookSender }: DeliveryPorts,
  claim: WebhookClaim,
  signal: AbortSignal,
): Promise<Attempt> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    return { status: await webhookSender.send(claim, clock.now(), limit), error: null };
  } catch (error) {
    return { status: null, error: reasonOf(error) };
  }
}

async function fail(
  { stores, clock, log }: DeliveryPorts,
  { delivery, endpoint }: WebhookClaim,
  failure: { readonly status: number | null; readonly error: string },
): Promise<void> {
  const now = clock.now();
  const random = seededRandom(`${delivery.id}/${delivery.attempts}`);
  const nextAt = nextTryAt(delivery.attempts, now, random);
  const since = await stores.webhooks.failed(delivery, { ...failure, nextAt }, now);
  log('webhook.failed', { deliveryId: delivery.id, attempts: delivery.attempts, status: failure.status });
  if (since === null || !isGivenUp(since, now)) return;
  await stores.webhooks.switchTo(endpoint.id, false, 'it failed for five days');
  log('webhook.switched-off', { endpointId: endpoint.id });
}

/** What the owner may read: not which inner address a name led to, nor anything else of this network. */
function reasonOf(error: unknown): string {
  if (error instanceof DomainError) return 'its address leads to a network of our own';
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  if (code === 'ABORT_ERR' || name === 'TimeoutError') return `no answer came within ${TIMEOUT_MS / 1000} s`;
  return typeof code === 'string' ? `no connection (${code})` : 'no connection';
}
