import { randomUUID } from 'node:crypto';
import { createReplicateMaker } from '../../src/infra/providers/images/replicate.js';
import { WEBHOOK_SECRET, withApi } from '../support/api.js';
import { must } from '../support/must.js';
import { lazyMaker, workOn } from '../support/pictures-by.js';
import {
  REPLICATE_TEST_TOKEN,
  signedHeaders,
  startReplicateServer,
  type ReplicateServer,
} from '../support/replicate-server.js';
import { smallWorld, type SmallWorld } from '../support/small-world.js';

let provider: ReplicateServer;
const imageMaker = lazyMaker(() =>
  createReplicateMaker({
    ...{ token: REPLICATE_TEST_TOKEN, baseUrl: provider.baseUrl, models: {} },
    webhook: `${api.url}/webhooks/replicate`,
  }),
);
const api = withApi({ imageMaker });
let world: SmallWorld;
beforeAll(async () => {
  world = await smallWorld(api.ports);
});
beforeEach(async () => {
  provider = await startReplicateServer({ webhookSecret: WEBHOOK_SECRET });
});
afterEach(() => provider.close());

const post = (body: string | Buffer, headers: Record<string, string>) =>
  fetch(`${api.url}/webhooks/replicate`, {
    method: 'POST',
    body: new Uint8Array(Buffer.from(body)),
    headers,
  });
const news = (runId: string) => api.ports.stores.providerRuns.news('replicate', runId);
const told = (changes: object = {}) =>
  JSON.stringify({ id: `run-${randomUUID()}`, status: 'processing', logs: '40%', ...changes });

test('a delivery is written once: a thousand repeats answer the same and change nothing', async () => {
  const id = `run-${randomUUID()}`;
  const body = told({ id });
  const headers = signedHeaders(WEBHOOK_SECRET, body);
  expect((await post(body, headers)).status).toBe(204);
  await api.database.query(
    `UPDATE provider_run SET news = '{"status":"processing","marked":true}' WHERE run_id = $1`,
    [id],
  );
  for (let i = 0; i < 20; i++) {
    const replies = await Promise.all(Array.from({ length: 50 }, () => post(body, headers)));
    expect(replies.every(({ status }) => status === 204)).toBe(true);
  }
  expect((await news(id))?.news).toEqual({ status: 'processing', marked: true });
  // the same snapshot under another id is a new delivery, and does have an effect
  await post(body, signedHeaders(WEBHOOK_SECRET, body));
  expect((await news(id))?.news).toMatchObject({ id, logs: '40%' });
}, 120_000);

test('what is forged, too old, too long or no run is refused and leaves nothing', async () => {
  const id = `run-${randomUUID()}`;
  const body = told({ id });
  const old = signedHeaders(WEBHOOK_SECRET, body, { at: new Date(Date.now() - 310_000) });
  const attempts = [
    post(body, {}),
    post(body, signedHeaders('whsec_AAAA', body)),
    post(`${body} `, signedHeaders(WEBHOOK_SECRET, body)),
    post(body, old),
    post('[]', signedHeaders(WEBHOOK_SECRET, '[]')),
  ];
  for (const reply of await Promise.all(attempts)) expect(reply.status).toBe(401);
  expect(await news(id)).toBeNull();
  const large = told({ id, logs: 'x'.repeat(5_000_001) });
  expect((await post(large, signedHeaders(WEBHOOK_SECRET, large))).status).toBe(413);
  const just = told({ id, logs: 'x'.repeat(4_900_000) });
  expect((await post(just, signedHeaders(WEBHOOK_SECRET, just))).status).toBe(204);
});

test('the signature is over the bytes as they came, whatever the content type says', async () => {
  const id = `run-${randomUUID()}`;
  const body = Buffer.from(`{"id":"${id}", "status" :"processing","logs":"\\u0041é"}`);
  for (const type of [
    'text/plain',
    'application/json; charset=latin1',
    'application/x-www-form-urlencoded',
  ]) {
    expect((await post(body, { ...signedHeaders(WEBHOOK_SECRET, body), 'content-type': type })).status).toBe(
      204,
    );
  }
  const zipped = { ...signedHeaders(WEBHOOK_SECRET, body), 'content-encoding': 'gzip' };
  expect((await post(body, zipped)).status).toBe(415);
});

test('start, output, logs and completion in any of their 24 orders leave the same state', async () => {
  const output = ['https://files/1.png'];
  const steps = [
    { status: 'processing', output: null, logs: '' },
    { status: 'processing', output, logs: '40%' },
    { status: 'processing', output, logs: '40%\n80%' },
    { status: 'succeeded', output, logs: '40%\n80%' },
  ];
  const orders = permutations([0, 1, 2, 3]);
  expect(orders).toHaveLength(24);
  for (const order of orders) {
    const id = `run-${randomUUID()}`;
    for (const i of [...order, order[0] ?? 0]) {
      const body = told({ id, ...steps[i] });
      expect((await post(body, signedHeaders(WEBHOOK_SECRET, body))).status).toBe(204);
    }
    expect((await news(id))?.news).toEqual({ id, ...steps[3] });
  }
});

const permutations = (all: readonly number[]): number[][] =>
  all.length < 2
    ? [[...all]]
    : all.flatMap((first) =>
        permutations(all.filter((one) => one !== first)).map((rest) => [first, ...rest]),
      );

const generate = async (input: object = {}) => {
  const headers = { 'x-vitrine-person': world.ada.externalId };
  const wish = { idempotencyKey: randomUUID(), brief: 'a red fox', ...input };
  const { data } = await api.send('Generate', { input: wish }, headers);
  const { job } = data.generate;
  return { id: job.id, look: async () => must((await api.send('Job', { id: job.id }, headers)).data.job) };
};
const polls = () => provider.requests.filter((line) => /^GET \/v1\/predictions/.test(line)).length;

test('a run that calls back is followed by its webhooks, without asking once', async () => {
  provider.scenario = 'calls back';
  const { id, look } = await generate();
  const start = performance.now();
  await workOn(api.ports, id);
  expect(performance.now() - start).toBeLessThan(10_000);
  expect(await look()).toMatchObject({ status: 'SUCCEEDED', cost: { charged: 0.003 } });
  expect(polls()).toBe(0);
});

test('a run whose webhooks are lost is found within a minute', async () => {
  provider.scenario = 'calls are lost';
  const { id, look } = await generate();
  const start = performance.now();
  await workOn(api.ports, id);
  expect(performance.now() - start).toBeLessThan(60_000);
  expect(await look()).toMatchObject({ status: 'SUCCEEDED' });
  expect(polls()).toBe(1);
});

test('a second attempt follows the run that the first one began', async () => {
  provider.scenario = 'calls back';
  const { id } = await generate();
  await workOn(
    {
      ...api.ports,
      pictures: { ...api.ports.pictures, publishGenerated: () => Promise.reject(new Error('disk full')) },
    },
    id,
  ).catch(() => null);
  await workOn(api.ports, id);
  expect(
    provider.requests.filter((line) => line.startsWith('POST') && line.endsWith('/predictions')),
  ).toHaveLength(1);
});
