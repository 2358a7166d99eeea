import { DomainError } from '../domain/errors.js';
import type { WebhookId } from '../domain/ids.js';
import type { Person } from '../domain/person.js';
import type { WebhookEndpoint, WebhookEvent } from '../domain/webhook.js';
import { canonicalArguments } from './canonical-arguments.js';
import type { Ports } from './ports.js';

interface Asked {
  readonly viewer: Person;
  readonly idempotencyKey: string;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
}

const OPERATION = 'createWebhook';
/** Of a person: each costs a row and up to eight requests an event. */
const MAX_WEBHOOKS = 10;

/** An address that is told what happens to the viewer's jobs from now on; once per idempotency key. */
export async function createWebhook(
  { transaction, clock, ids, webhookSender }: Pick<Ports, 'transaction' | 'clock' | 'ids' | 'webhookSender'>,
  { viewer, idempotencyKey: key, url, events }: Asked,
): Promise<{ readonly endpoint: WebhookEndpoint; readonly replayed: boolean }> {
  webhookSender.check(url);
  if (events.length === 0)
    throw new DomainError('INVALID_INPUT', 'events: one at least was wanted, none came', {
      path: ['input', 'events'],
    });
  return transaction(async (tx) => {
    const at = clock.now();
    const argumentsHash = canonicalArguments({ url, events });
    const claim = await tx.idempotency.claim({
      personId: viewer.id,
      operation: OPERATION,
      key,
      argumentsHash,
      at,
    });
    if (claim.state === 'replay') {
      const earlier = await tx.webhooks.byId(claim.reference as WebhookId);
      if (earlier !== null) return { endpoint: earlier, replayed: true };
      throw new DomainError('CONFLICT', 'the webhook of this key was deleted; use a new key for a new one');
    }
    const others = await tx.webhooks.ofPerson(viewer.id);
    if (others.length >= MAX_WEBHOOKS)
      throw new DomainError('QUOTA_EXCEEDED', `at most ${MAX_WEBHOOKS} webhooks a person; delete one`, {
        constraint: `<= ${MAX_WEBHOOKS}`,
      });
    const endpoint: WebhookEndpoint = {
      ...{ id: ids.next() as WebhookId, personId: viewer.id, url, events: [...new Set(events)] },
      ...{ secret: webhookSender.newSecret(), previousSecret: null, previousUntil: null },
      ...{ isOn: true, offReason: null, failingSince: null, createdAt: at },
    };
    await tx.webhooks.create(endpoint);
    await tx.idempotency.complete(viewer.id, OPERATION, key, endpoint.id);
    return { endpoint, replayed: false };
  });
}
