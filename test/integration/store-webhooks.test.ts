import { deliverWebhooks } from '../../src/flow/deliver-webhooks.js';
import type { WebhookDeliveryId, WebhookId } from '../../src/domain/ids.js';
import { uuidIds } from '../../src/infra/uuid-ids.js';
import { must } from '../support/must.js';
import { withDatabase } from '../support/test-database.js';
import { untilWaiting, whileHeld } from '../support/waiting-rows.js';
import { newJob, world } from '../support/world.js';

const database = withDatabase();
const at = new Date('2026-05-01T12:00:00Z');
const FAILURE = { status: 500, error: 'status 500 came', nextAt: new Date(at.getTime() + 5_000) };

/** An endpoint with two deliveries that are being tried. */
async function trying() {
  const { webhooks } = database.stores;
  const { people } = await world(database);
  const id = uuidIds().next() as WebhookId;
  await webhooks.create({
    ...{ id, personId: people[0].id, url: 'https://example.com/', events: ['STARTED', 'FINISHED'] },
    ...{ secret: 'whsec_MDEyMzQ1Njc4OQ==', previousSecret: null, previousUntil: null },
    ...{ isOn: true, offReason: null, failingSince: null, createdAt: at },
  });
  for (let i = 0; i < 2; i++) await webhooks.addTest(uuidIds().next() as WebhookDeliveryId, id, at);
  const claims = (await webhooks.claim(at, 60_000, 10)).filter(({ endpoint }) => endpoint.id === id);
  return {
    webhooks,
    id,
    owner: people[0],
    first: must(claims[0]).delivery,
    second: must(claims[1]).delivery,
  };
}

test('an endpoint is switched off while its deliveries end: nobody waits for ever', async () => {
  const { webhooks, id, first, second } = await trying();
  const held = ['SELECT FROM webhook_endpoint WHERE id = $1 FOR NO KEY UPDATE', [id]] as const;
  const endings = await whileHeld(database, held, async () => {
    const off = webhooks.switchTo(id, false, 'it failed for five days'); // the first in the queue
    await untilWaiting(database, 1);
    const failed = webhooks.failed(first, FAILURE, at);
    await untilWaiting(database, 2);
    const delivered = webhooks.delivered(second, 204, at);
    await untilWaiting(database, 3);
    return [off, failed, delivered];
  });
  expect(await Promise.all(endings)).toEqual([undefined, null, undefined]);
  expect(await webhooks.byId(id)).toMatchObject({ isOn: false, failingSince: null });
  for (const { state, lastError } of await webhooks.deliveries(id, 10))
    expect([state, lastError]).toEqual(['FAILED', 'the endpoint was switched off']);
});

test('a webhook is deleted while a job of its owner has news: the job goes on', async () => {
  const { webhooks, id, owner } = await trying();
  const { jobs } = database.stores;
  const job = await jobs.create(newJob(owner.id));
  let waiting: Promise<unknown> = Promise.resolve();
  await database.transaction(async (stores) => {
    await stores.webhooks.remove(id);
    waiting = jobs
      .start(job.id, at)
      .then((started) => jobs.finish(job.id, must(started).fence, { status: 'SUCCEEDED' }, at));
    await untilWaiting(database, 1);
  });
  expect(await waiting).toBe(true);
  expect(await webhooks.deliveries(id, 10)).toEqual([]);
});

test('a store that fails is not held against the receiver', async () => {
  const { webhooks, id } = await trying();
  const later = new Date(at.getTime() + 60_000);
  const broken = { ...webhooks, delivered: () => Promise.reject(new Error('the store is away')) };
  const ports = {
    stores: { ...database.stores, webhooks: broken },
    clock: { now: () => later },
    log: () => undefined,
    webhookSender: { send: () => Promise.resolve(204), check: () => undefined, newSecret: () => '' },
  };
  await expect(deliverWebhooks(ports, new AbortController().signal)).rejects.toThrow('the store is away');
  expect(await webhooks.byId(id)).toMatchObject({ failingSince: null });
  for (const delivery of await webhooks.deliveries(id, 10))
    expect(delivery).toMatchObject({ state: 'WAITING', attempts: 2, lastError: null });
});
