import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '../../src/domain/errors.js';
import type { ImageMaker } from '../../src/flow/ports.js';
import { createReplicateMaker } from '../../src/infra/providers/images/replicate.js';
import { withApi } from '../support/api.js';
import { must } from '../support/must.js';
import { lazyMaker, workOn } from '../support/pictures-by.js';
import {
  REPLICATE_TEST_TOKEN,
  startReplicateServer,
  type ReplicateServer,
} from '../support/replicate-server.js';
import { smallWorld, type SmallWorld } from '../support/small-world.js';

const PRICE = { model: 'dear', price: 100_000 };
/** Ten cents a picture; every second one is refused by the model's safety check. */
const dear: ImageMaker = {
  ...{ name: 'dear', model: 'dear', defaults: { steps: 1, guidance: 1 }, offers: { 'text-to-image': PRICE } },
  make({ seed }) {
    if (seed % 2 === 1) return Promise.reject(new DomainError('CONTENT_REFUSED', 'change the words'));
    const picture = {
      width: 64,
      height: 64,
      channels: 3 as const,
      data: new Uint8Array(64 * 64 * 3).fill(seed % 256),
    };
    return Promise.resolve({ picture, used: {}, by: { provider: 'dear', ...PRICE } });
  },
};
let provider: ReplicateServer;
const replicate = lazyMaker(() =>
  createReplicateMaker({ token: REPLICATE_TEST_TOKEN, baseUrl: provider.baseUrl, models: {}, webhook: null }),
);
let maker: ImageMaker = dear;
const api = withApi({
  imageMaker: new Proxy({} as ImageMaker, { get: (_, key) => Reflect.get(maker, key) as unknown }),
  limits: { pointsPerMinute: 1e9 },
});
let world: SmallWorld;
beforeAll(async () => {
  world = await smallWorld(api.ports);
  provider = await startReplicateServer();
});
afterAll(() => provider.close());
beforeEach(() => {
  maker = dear;
});

/** Somebody who has spent nothing yet. */
const somebody = async () => {
  const person = await api.ports.stores.people.ensure({
    ...world.ada,
    externalId: randomUUID(),
  });
  return { 'x-vitrine-person': person.externalId };
};
type Who = Awaited<ReturnType<typeof somebody>>;
const ask = async (who: Who, input: object = {}) =>
  (
    await api.send(
      'Generate',
      { input: { idempotencyKey: randomUUID(), brief: 'a fox', seed: 0, ...input } },
      who,
    )
  ).data.generate;
const look = async (who: Who, id: string) => must((await api.send('Job', { id }, who)).data.job);
const estimate = async (who: Who, variables: object = {}) =>
  (await api.send('EstimateGeneration', variables, who)).data.estimateGeneration;

test('estimated before, reserved when asked for, charged for what was kept, the rest given back', async () => {
  const who = await somebody();
  expect(await estimate(who, { count: 4 })).toMatchObject({
    amount: 0.4,
    leftToday: 1,
    affordable: true,
    model: 'dear',
  });
  const { job } = await ask(who, { count: 4 });
  expect(job.cost).toEqual({ reserved: 0.4, charged: 0, refunded: 0, currency: 'USD' });
  expect(await estimate(who)).toMatchObject({ leftToday: 0.6 });
  await workOn(api.ports, job.id);
  expect(await look(who, job.id)).toMatchObject({
    status: 'PARTIALLY_SUCCEEDED',
    cost: { reserved: 0.4, charged: 0.2, refunded: 0.2 },
  });
  expect(await estimate(who)).toMatchObject({ leftToday: 0.8 });
});

test('the kinds that can be asked for are those of the providers, with price and what they want', async () => {
  const offers = async () => (await api.send('PictureOffers', {}, await somebody())).data.pictureOffers;
  const words = {
    kind: 'IMAGE',
    amount: 0.1,
    currency: 'USD',
    model: 'dear',
    wants: [],
    startsFromWork: false,
    takesStrength: false,
  };
  expect(await offers()).toEqual([words, { ...words, kind: 'BUNDLE' }]);
  maker = replicate;
  const rows = (await offers()).map((one) => [one.kind, one.wants, one.startsFromWork, one.takesStrength]);
  expect(rows).toEqual([
    ['IMAGE', [], false, false],
    ['VARIATION', [], true, true],
    ['SUBJECT', ['SUBJECT'], false, false],
    ['TRY_ON', ['PERSON', 'GARMENT'], false, false],
    ['UPSCALE', [], true, false],
    ['BUNDLE', [], false, false],
  ]);
});

test('what was refused altogether costs nothing', async () => {
  const who = await somebody();
  const { job } = await ask(who, { seed: 1 });
  await workOn(api.ports, job.id);
  expect(await look(who, job.id)).toMatchObject({ status: 'FAILED', cost: { charged: 0, refunded: 0.1 } });
  expect(await estimate(who)).toMatchObject({ leftToday: 1 });
});

test('a job whose deadline comes before its start costs nothing', async () => {
  const who = await somebody();
  const { job } = await ask(who, { count: 4, deadlineSeconds: 5 });
  const later = { now: () => new Date(Date.now() + 6_000) };
  await workOn({ ...api.ports, clock: later }, job.id);
  expect(await look(who, job.id)).toMatchObject({
    status: 'EXPIRED',
    outputs: [],
    cost: { reserved: 0.4, charged: 0, refunded: 0.4 },
  });
  expect(await estimate(who)).toMatchObject({ leftToday: 1 });
});

test('an attempt that begins anew charges no picture twice', async () => {
  const who = await somebody();
  const { job } = await ask(who, { count: 3 });
  let saved = 0;
  const pictures = {
    ...api.ports.pictures,
    publishGenerated: (...given: Parameters<typeof api.ports.pictures.publishGenerated>) =>
      ++saved > 1
        ? Promise.reject(new Error('the disk is full'))
        : api.ports.pictures.publishGenerated(...given),
  };
  await expect(workOn({ ...api.ports, pictures }, job.id)).rejects.toThrow('disk');
  expect((await look(who, job.id)).cost).toMatchObject({ charged: 0.1, refunded: 0 });
  await workOn(api.ports, job.id);
  expect((await look(who, job.id)).cost).toMatchObject({ reserved: 0.3, charged: 0.2, refunded: 0.1 });
});

test('of twenty who ask at the same moment only as many are taken as the budget holds', async () => {
  const who = await somebody();
  const results = await Promise.all(Array.from({ length: 20 }, () => ask(who, { count: 4 })));
  expect(results.filter(({ __typename }) => __typename === 'GeneratePayload')).toHaveLength(2);
  const refused = results.filter(({ __typename }) => __typename === 'LimitReached');
  expect(refused).toHaveLength(18);
  expect(refused.at(-1)).toMatchObject({
    code: 'QUOTA_EXCEEDED',
    message: expect.stringContaining('0.2 USD of 1 USD a day is left') as string,
  });
  expect(await estimate(who, { count: 3 })).toMatchObject({ leftToday: 0.2, affordable: false });
  expect(await estimate(await somebody())).toMatchObject({ leftToday: 1 });
});

test('one key, one job, one reserve, also when it comes 200 times at once', async () => {
  const who = await somebody();
  const idempotencyKey = randomUUID();
  const results = await Promise.all(
    Array.from({ length: 200 }, () => ask(who, { idempotencyKey, count: 4 })),
  );
  expect(new Set(results.map(({ job }) => job.id)).size).toBe(1);
  expect(results.filter(({ replayed }) => !replayed)).toHaveLength(1);
  expect(await estimate(who)).toMatchObject({ leftToday: 0.6 });
});

test('yesterday’s spending does not count today', async () => {
  const who = await somebody();
  const { job } = await ask(who, { count: 4 });
  await api.database.query(`UPDATE job_cost SET at = at - interval '1 day'`);
  expect(job.cost.reserved).toBe(0.4);
  expect(await estimate(who)).toMatchObject({ leftToday: 1 });
});

test('a kind that nobody here makes is told with how to set one up', async () => {
  const { __typename, message } = await ask(await somebody(), { kind: 'UPSCALE', remixOf: null });
  expect([__typename, message]).toEqual(['InvalidInput', expect.stringContaining('remixOf')]);
  const remix = await ask(await somebody(), { kind: 'IMAGE', remixOf: null, reference: [] });
  expect(remix.__typename).toBe('GeneratePayload');
  const { errors } = await api.send('EstimateGeneration', { kind: 'TRY_ON' }, await somebody());
  expect(errors?.[0]?.message).toMatch(/try-on was asked for.*REPLICATE_API_TOKEN/);
});

test('cancelled at twenty moments: one final state, what was kept is paid and nothing else, the provider is told', async () => {
  maker = replicate;
  const moments = Array.from({ length: 20 }, (_, i) => i * 130);
  for (let i = 0; i < moments.length; i += 5) {
    await Promise.all(moments.slice(i, i + 5).map(cancelledAfter));
  }
  const states = [...provider.predictions.values()].map(({ status }) => status);
  expect(states.filter((status) => status === 'starting' || status === 'processing')).toEqual([]);
  expect(states).toContain('canceled');
});

async function cancelledAfter(ms: number): Promise<void> {
  const who = await somebody();
  const { job } = await ask(who, { count: 2 });
  const working = workOn(api.ports, job.id);
  await sleep(ms);
  await api.send('CancelJob', { id: job.id }, who);
  await working;
  const { status, outputs, cost } = await look(who, job.id);
  expect(['CANCELED', 'SUCCEEDED']).toContain(status);
  if (status === 'SUCCEEDED') expect(outputs).toHaveLength(2);
  expect(cost.charged).toBeCloseTo(0.003 * outputs.length, 9);
  expect(cost.refunded).toBeCloseTo(0.006 - 0.003 * outputs.length, 9);
}
