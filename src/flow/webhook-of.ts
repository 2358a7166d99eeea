import { DomainError } from '../domain/errors.js';
import type { WebhookDeliveryId, WebhookId } from '../domain/ids.js';
import type { Person } from '../domain/person.js';
import type { WebhookDelivery, WebhookEndpoint } from '../domain/webhook.js';
import type { Ports } from './ports.js';

/** An endpoint of one's own; somebody else's is as unknown as one that never was. */
export async function webhookOf(
  { stores }: Pick<Ports, 'stores'>,
  viewer: Person,
  id: WebhookId,
): Promise<WebhookEndpoint> {
  const endpoint = await stores.webhooks.byId(id);
  if (endpoint?.personId === viewer.id) return endpoint;
  throw new DomainError('NOT_FOUND', 'no webhook of yours has this id', { path: ['id'] });
}

/** The same, where something is to be sent to it. */
export async function runningWebhookOf(
  ports: Pick<Ports, 'stores'>,
  viewer: Person,
  id: WebhookId,
): Promise<WebhookEndpoint> {
  const endpoint = await webhookOf(ports, viewer, id);
  if (endpoint.isOn) return endpoint;
  throw new DomainError('CONFLICT', 'a webhook that is on was wanted, this one is off; switch it on first', {
    path: ['id'],
  });
}

/** A delivery to an endpoint of one's own. */
export async function deliveryOf(
  ports: Pick<Ports, 'stores'>,
  viewer: Person,
  id: WebhookDeliveryId,
): Promise<WebhookDelivery> {
  const delivery = await ports.stores.webhooks.delivery(id);
  const endpoint = delivery && (await ports.stores.webhooks.byId(delivery.endpointId));
  if (delivery !== null && endpoint?.personId === viewer.id) return delivery;
  throw new DomainError('NOT_FOUND', 'no delivery of yours has this id', { path: ['id'] });
}
