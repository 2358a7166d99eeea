import type { WebhookDeliveryId, WebhookId } from '../domain/ids.js';
import type { Person } from '../domain/person.js';
import type { WebhookDelivery, WebhookEndpoint } from '../domain/webhook.js';
import type { Ports } from './ports.js';
import { deliveryOf, runningWebhookOf, webhookOf } from './webhook-of.js';

/** Both secrets sign for so long after an exchange. */
const OVERLAP_MS = 24 * 3_600_000;

type StorePorts = Pick<Ports, 'stores' | 'clock'>;

/** Takes an endpoint of one's own away, with what waits for it. */
export async function deleteWebhook(ports: StorePorts, viewer: Person, id: WebhookId): Promise<void> {
  await webhookOf(ports, viewer, id);
  await ports.stores.webhooks.remove(id);
}

/** A new secret; for a day the one before it signs, too. */
export async function rotateWebhookSecret(
  ports: StorePorts & Pick<Ports, 'webhookSender'>,
  viewer: Person,
  id: WebhookId,
): Promise<WebhookEndpoint> {
  const endpoint = await webhookOf(ports, viewer, id);
  const [secret, until] = [
    ports.webhookSender.newSecret(),
    new Date(ports.clock.now().getTime() + OVERLAP_MS),
  ];
  await ports.stores.webhooks.rotate(id, secret, until);
  return { ...endpoint, secret, previousSecret: endpoint.secret, previousUntil: until };
}

/** Off: nothing is sent, and what waits has failed. On: with a clean record, from the next event on. */
export async function switchWebhook(
  ports: StorePorts,
  viewer: Person,
  { id, on }: { readonly id: WebhookId; readonly on: boolean },
): Promise<WebhookEndpoint> {
  const endpoint = await webhookOf(ports, viewer, id);
  if (endpoint.isOn === on) return endpoint;
  await ports.stores.webhooks.switchTo(id, on, null);
  return { ...endpoint, isOn: on, offReason: null, failingSince: null };
}

/** Sends an event that says nothing, to see whether somebody answers. */
export async function testWebhook(
  ports: StorePorts & Pick<Ports, 'ids'>,
  viewer: Person,
  id: WebhookId,
): Promise<WebhookDelivery> {
  const { stores, clock, ids } = ports;
  await runningWebhookOf(ports, viewer, id);
  const deliveryId = ids.next() as WebhookDeliveryId;
  await stores.webhooks.addTest(deliveryId, id, clock.now());
  return deliveryOf(ports, viewer, deliveryId);
}

/** Sends an earlier event again, under the id that it had. Safe to repeat: the receiver knows it by that. */
export async function replayDelivery(
  ports: StorePorts,
  viewer: Person,
  id: WebhookDeliveryId,
): Promise<WebhookDelivery> {
  const { endpointId } = await deliveryOf(ports, viewer, id);
  await runningWebhookOf(ports, viewer, endpointId);
  await ports.stores.webhooks.replay(id, ports.clock.now());
  return deliveryOf(ports, viewer, id);
}
