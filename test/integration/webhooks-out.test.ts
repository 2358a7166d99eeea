import { setTimeout as sleep } from 'node:timers/promises';
import type { JobId } from '../../src/domain/ids.js';
import type { Person } from '../../src/domain/person.js';
import { deliverWebhooks } from '../../src/flow/deliver-webhooks.js';
import type { Ports } from '../../src/flow/ports.js';
import { idSeal } from '../../src/graphql/ids.js';
import { idKey } from '../../src/server.js';
import { watchWebhooks } from '../../workers/watch-webhooks.js';
import { SECRET, withApi } from '../support/api.js';
import { must } from '../support/must.js';
import { smallWorld, type SmallWorld } from '../support/small-world.js';
import type { Hook, WebhookAnswer } from '../support/webhook-answers.js';
import { startWebhookReceiver } from '../support/webhook-receiver.js';
import { newJob } from '../support/world.js';

const api = withApi({ limits: { pointsPerMinute: 1e9 } });
const ids = idSeal(idKey(SECRET));
const never = new AbortController().signal;
let world: SmallWorld;
let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>;
beforeAll(async () => {
  world = await smallWorld(api.ports);
});
beforeEach(async () => {
  receiver = await startWebhookReceiver();
});
afterEach(async () => {
  await receiver.close();
  for (const person of [world.ada, world.bob])
    for (const { id } of await api.ports.stores.webhooks.ofPerson(person.id))
      await api.ports.stores.webhooks.remove(id);
});

const DELIVERY = 'id messageId event jobId state attempts nextAt lastStatus lastError';
const HOOK = `id url isOn offReason failingSince deliveries { ${DELIVERY} }`;
const FAILURE = '... on UserError { code path }';
const as = ({ externalId }: Person) => ({ 'x-vitrine-person': externalId });

async function ask(field: string, selection: string, who: Person = world.ada): Promise<WebhookAnswer> {
  const text = `mutation { answer: ${field} { ${selection} ${FAILURE} } }`;
  const { data, errors } = await api.query(text, as(who));
  expect(errors).toBeUndefined();
  return (data as { answer: WebhookAnswer }).answer;
}
let keys = 0;
const create = (
  url: string,
  { key = `webhook-key-${keys++}`, events = 'STARTED, OUTPUT_READY, FINISHED' } = {},
) =>
  ask(
    `createWebhook(input: { idempotencyKey: "${key}-0123456789", url: "${url}", events: [${events}] })`,
    `... on CreateWebhookPayload { webhook { ${HOOK} } secret replayed }`,
  );
const PAYLOAD: Readonly<Record<string, string>> = {
  testWebhook: `... on SendWebhookPayload { delivery { ${DELIVERY} } }`,
  replayDelivery: `... on SendWebhookPayload { delivery { ${DELIVERY} } }`,
  rotateWebhookSecret: '... on RotateWebhookSecretPayload { secret }',
  deleteWebhook: '... on DeleteWebhookPayload { deletedId }',
};
const byId = (name: string, id: string, who?: Person) =>
  ask(`${name}(id: "${id}")`, PAYLOAD[name] ?? '', who);
const switchTo = (id: string, on: boolean) =>
  ask(`switchWebhook(id: "${id}", on: ${on})`, `... on SwitchWebhookPayload { webhook { ${HOOK} } }`);

async function hooks(who: Person = world.ada): Promise<Hook[]> {
  const { data } = await api.query(`{ viewer { webhooks { ${HOOK} } } }`, as(who));
  return (data as { viewer: { webhooks: Hook[] } }).viewer.webhooks;
}
const onlyHook = async () => must((await hooks())[0]);
const lastDelivery = async () => must((await onlyHook()).deliveries[0]);

/** The ports with a clock that the test moves. */
function clocked(start = new Date()) {
  let now = start;
  const ports = { ...api.ports, clock: { now: () => now } } as Ports;
  return {
    ...{ ports, now: () => now },
    move: (to: Date) => void (now = to),
    deliver: () => deliverWebhooks(ports, never),
  };
}

async function runJob(person: Person): Promise<JobId> {
  const { stores } = api.ports;
  const job = newJob(person.id);
  await stores.jobs.create(job);
  const started = must(await stores.jobs.start(job.id, new Date()));
  await stores.jobs.finish(job.id, started.fence, { status: 'SUCCEEDED' }, new Date());
  return job.id;
}

test('what happens to a job is told, signed, in an order that its times say, and to nobody else', async () => {
  const { secret = '' } = await create(receiver.url);
  const id = await runJob(world.ada);
  await runJob(world.bob);
  await clocked(new Date(Date.now() + 1_000)).deliver();
  expect(receiver.got).toHaveLength(2);
  const got = [...receiver.got].sort((a, b) => (a.event.type > b.event.type ? -1 : 1));
  const data = { jobId: ids.seal('Job', id), name: 'train-ranker' };
  expect(got.map(({ event }) => [event.type, event.data])).toEqual([
    ['job.started', data],
    ['job.finished', { ...data, status: 'SUCCEEDED' }],
  ]);
  for (const { signatures, signedBy } of got) expect(signatures).toEqual([signedBy(secret)]);
  expect(new Set(got.map((one) => one.id)).size).toBe(2);
  const { deliveries } = await onlyHook();
  expect(deliveries.map(({ state, attempts, lastStatus }) => [state, attempts, lastStatus])).toEqual([
    ['DELIVERED', 1, 204],
    ['DELIVERED', 1, 204],
  ]);
  expect(deliveries.map(({ messageId }) => messageId).sort()).toEqual(got.map((one) => one.id).sort());
});

test('an event and its delivery come into being together, or neither does', async () => {
  await create(receiver.url, { events: 'FINISHED' });
  const { stores } = api.ports;
  const job = newJob(world.ada.id);
  await stores.jobs.create(job);
  const failing = api.ports.transaction(async (tx) => {
    await tx.jobs.finish(job.id, null, { status: 'CANCELED' }, new Date());
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect((await onlyHook()).deliveries).toEqual([]);
  await stores.jobs.finish(job.id, null, { status: 'CANCELED' }, new Date());
  await stores.jobs.finish(job.id, null, { status: 'CANCELED' }, new Date());
  expect((await onlyHook()).deliveries.map(({ event, state }) => [event, state])).toEqual([
    ['FINISHED', 'WAITING'],
  ]);
});

test('eight tries over a day under one id, then it has failed; by hand it is sent again', async () => {
  const { webhook, secret = '' } = await create(receiver.url);
  await byId('testWebhook', must(webhook).id);
  receiver.answers.push(500, 503, 404, 302, 429, 400, 500, 500);
  const time = clocked(new Date(Date.now() + 1_000));
  const start = time.now();
  const states: (string | null)[][] = [];
  for (let round = 0; round < 12; round++) {
    await time.deliver();
    const { nextAt, state, lastError } = await lastDelivery();
    states.push([state, lastError]);
    if (nextAt === null) break;
    time.move(new Date(new Date(nextAt).getTime() - 1));
    await time.deliver(); // a moment too early: nothing happens
    time.move(new Date(nextAt));
  }
  expect(states).toHaveLength(8);
  expect(states[3]).toEqual(['WAITING', 'status 302 came, 2xx was wanted']);
  expect(states[7]).toEqual(['FAILED', 'status 500 came, 2xx was wanted']);
  expect(receiver.got).toHaveLength(8);
  expect(new Set(receiver.got.map(({ id }) => id)).size).toBe(1);
  expect(new Set(receiver.got.map(({ body }) => body)).size).toBe(1);
  expect(new Set(receiver.got.map(({ signatures }) => signatures[0])).size).toBe(8); // each has the time of its try
  for (const { signatures, signedBy } of receiver.got) expect(signatures).toEqual([signedBy(secret)]);
  const hours = (time.now().getTime() - start.getTime()) / 3_600_000;
  expect(hours).toBeGreaterThan(18);
  expect(hours).toBeLessThan(24);
  const failed = await lastDelivery();
  expect((await byId('replayDelivery', failed.id)).delivery).toMatchObject({ state: 'WAITING', attempts: 0 });
  await byId('replayDelivery', failed.id); // asked twice, sent once
  await time.deliver();
  expect(await lastDelivery()).toMatchObject({
    id: failed.id,
    state: 'DELIVERED',
    attempts: 1,
    lastStatus: 204,
  });
  expect(receiver.got).toHaveLength(9);
  expect(must(receiver.got[8]).id).toBe(failed.messageId);
  expect((await onlyHook()).failingSince).toBeNull();
});

test('after five days without a success the webhook is switched off, and its owner can switch it on again', async () => {
  const hook = must((await create(receiver.url)).webhook);
  receiver.answers.push(...Array.from({ length: 20 }, () => 500));
  const time = clocked(new Date(Date.now() + 1_000));
  const [first, day] = [time.now(), 24 * 3_600_000];
  for (const days of [0, 2, 4.9]) {
    time.move(new Date(first.getTime() + days * day));
    await byId('testWebhook', hook.id);
    await time.deliver();
    expect(await onlyHook()).toMatchObject({ isOn: true, failingSince: first.toISOString() });
  }
  time.move(new Date(first.getTime() + 5 * day));
  await byId('testWebhook', hook.id);
  await time.deliver();
  const off = await onlyHook();
  expect(off).toMatchObject({ isOn: false, offReason: 'it failed for five days' });
  expect(off.deliveries.filter(({ state }) => state !== 'FAILED')).toEqual([]);
  const sent = receiver.got.length;
  await runJob(world.ada);
  await time.deliver();
  expect(receiver.got).toHaveLength(sent);
  expect(await byId('testWebhook', hook.id)).toMatchObject({ code: 'CONFLICT', path: ['id'] });
  expect(await byId('replayDelivery', must(off.deliveries[0]).id)).toMatchObject({ code: 'CONFLICT' });
  expect((await switchTo(hook.id, true)).webhook).toMatchObject({
    isOn: true,
    offReason: null,
    failingSince: null,
  });
  receiver.answers.length = 0;
  expect((await byId('replayDelivery', must(off.deliveries[0]).id)).delivery).toMatchObject({
    state: 'WAITING',
  });
});

test('a receiver that is gone for good is heeded at once', async () => {
  const hook = must((await create(receiver.url)).webhook);
  await byId('testWebhook', hook.id);
  receiver.answers.push(410);
  await clocked(new Date(Date.now() + 1_000)).deliver();
  expect(await onlyHook()).toMatchObject({ isOn: false, offReason: 'it answered 410 Gone' });
});

test('nobody is there: the reason is told without an address', async () => {
  const closed = await startWebhookReceiver();
  await closed.close();
  const hook = must((await create(closed.url)).webhook);
  await byId('testWebhook', hook.id);
  await clocked(new Date(Date.now() + 1_000)).deliver();
  const { lastStatus, lastError } = await lastDelivery();
  expect([lastStatus, lastError]).toEqual([null, 'no connection (ECONNREFUSED)']);
});

test('what a worker that died had in hand is tried by another, and its late word changes nothing', async () => {
  const hook = must((await create(receiver.url)).webhook);
  await byId('testWebhook', hook.id);
  const time = clocked(new Date(Date.now() + 1_000));
  const [dead] = await time.ports.stores.webhooks.claim(time.now(), 60_000, 10);
  await time.deliver();
  expect(receiver.got).toHaveLength(0);
  time.move(new Date(time.now().getTime() + 60_000));
  await time.deliver();
  expect(receiver.got).toHaveLength(1);
  const failure = { status: 500, error: 'late', nextAt: null };
  expect(await time.ports.stores.webhooks.failed(must(dead).delivery, failure, time.now())).toBeNull();
  expect(await lastDelivery()).toMatchObject({ state: 'DELIVERED', attempts: 2, lastError: null });
});

test('a secret is exchanged without a gap: for a day both sign', async () => {
  const { webhook, secret: old = '' } = await create(receiver.url);
  const { id } = must(webhook);
  const { secret: fresh = '' } = await byId('rotateWebhookSecret', id);
  expect(fresh).not.toBe(old);
  const time = clocked(new Date(Date.now() + 1_000));
  await byId('testWebhook', id);
  await time.deliver();
  time.move(new Date(Date.now() + 25 * 3_600_000));
  await byId('testWebhook', id);
  await time.deliver();
  const [during, after] = receiver.got;
  expect(must(during).signatures).toEqual([must(during).signedBy(fresh), must(during).signedBy(old)]);
  expect(must(after).signatures).toEqual([must(after).signedBy(fresh)]);
});

test('a webhook is made once per key, and only towards the internet', async () => {
  const first = await create(receiver.url, { key: 'twice' });
  const again = await create(receiver.url, { key: 'twice' });
  expect([first.replayed, again.replayed]).toEqual([false, true]);
  expect([again.webhook?.id, again.secret]).toEqual([first.webhook?.id, first.secret]);
  expect(await create('https://example.com/', { key: 'twice' })).toMatchObject({
    code: 'IDEMPOTENCY_KEY_REUSED',
  });
  for (const url of [
    'http://example.com/',
    'https://10.0.0.1/',
    'https://169.254.169.254/latest/',
    'file:///x',
  ])
    expect(await create(url)).toMatchObject({ code: 'INVALID_INPUT', path: ['input', 'url'] });
  expect(await create(receiver.url, { events: '' })).toMatchObject({ path: ['input', 'events'] });
  for (let i = 0; i < 9; i++) await create(receiver.url);
  expect(await create(receiver.url)).toMatchObject({ code: 'QUOTA_EXCEEDED' });
});

test('somebody else’s webhook and its deliveries cannot be seen, changed, sent or deleted', async () => {
  const hook = must((await create(receiver.url)).webhook);
  const sent = must((await byId('testWebhook', hook.id)).delivery);
  expect(await hooks(world.bob)).toEqual([]);
  for (const name of ['testWebhook', 'rotateWebhookSecret', 'deleteWebhook'])
    expect(await byId(name, hook.id, world.bob)).toMatchObject({ code: 'NOT_FOUND' });
  expect(await byId('replayDelivery', sent.id, world.bob)).toMatchObject({ code: 'NOT_FOUND' });
  const { data } = await api.query(`{ nodes(ids: ["${hook.id}", "${sent.id}"]) { id } }`, as(world.bob));
  expect(data).toEqual({ nodes: [null, null] });
  const own = await api.query(`{ nodes(ids: ["${hook.id}", "${sent.id}"]) { id } }`, as(world.ada));
  expect(own.data).toEqual({ nodes: [{ id: hook.id }, { id: sent.id }] });
  expect(await byId('deleteWebhook', hook.id)).toEqual({ deletedId: hook.id });
  expect(await hooks()).toEqual([]);
});

test('a worker sends within a second of the event', async () => {
  await create(receiver.url, { events: 'FINISHED' });
  const stopping = new AbortController();
  const watching = watchWebhooks(api.ports, stopping.signal);
  await sleep(300);
  const at = performance.now();
  await runJob(world.ada);
  while (receiver.got.length === 0 && performance.now() - at < 5_000) await sleep(10);
  expect(performance.now() - at).toBeLessThan(1_500);
  stopping.abort();
  await watching;
});
