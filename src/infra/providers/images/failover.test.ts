import { setTimeout as sleep } from 'node:timers/promises';
import { imageMakerContract } from '../../../../test/contracts/image-maker.contract.js';
import {
  OPENAI_TEST_KEY,
  startOpenAiServer,
  type OpenAiServer,
} from '../../../../test/support/openai-images-server.js';
import {
  REPLICATE_TEST_TOKEN,
  startReplicateServer,
  type ReplicateServer,
  type Scenario,
} from '../../../../test/support/replicate-server.js';
import type { PictureBrief } from '../../../flow/ports.js';
import { createFailover } from './failover.js';
import { createOpenAiMaker } from './openai-images.js';
import { createReplicateMaker } from './replicate.js';

let first: ReplicateServer;
let second: OpenAiServer;
beforeEach(async () => {
  [first, second] = [await startReplicateServer(), await startOpenAiServer()];
});
afterEach(async () => {
  await Promise.all([first.close(), second.close()]);
});

const replicate = () =>
  createReplicateMaker({
    ...{
      token: REPLICATE_TEST_TOKEN,
      baseUrl: first.baseUrl,
      models: {},
      webhook: null,
      requestTimeoutMs: 700,
    },
  });
const openai = () =>
  createOpenAiMaker({ baseUrl: second.baseUrl, key: OPENAI_TEST_KEY, model: 'gpt-image-1', price: 50_000 });
const quick = { tries: 3, firstDelayMs: 20, restMs: 400 };
const both = () => createFailover([replicate(), openai()], () => undefined, quick);
const alone = () => createFailover([replicate()], () => undefined, quick);
const brief: PictureBrief = {
  ...{ kind: 'text-to-image', words: 'a red apple', style: null, taste: null, seed: 3 },
  ...{ steps: 1, guidance: 1, from: null, references: [] },
};
const make = (maker: ReturnType<typeof both>) =>
  maker.make(brief, new AbortController().signal, () => undefined);
const created = () => first.requests.filter((request) => request.endsWith('/predictions')).length;

imageMakerContract('several providers as one', () => ({
  maker: both(),
  slowDown: () => {
    first.scenario = 'slow';
  },
}));

test('while all is well the first choice makes it, and is named', async () => {
  const { by } = await make(both());
  expect(by).toEqual({ provider: 'replicate', model: 'black-forest-labs/flux-schnell', price: 3_000 });
  expect(second.requests).toHaveLength(0);
});

/** What the provider does, how often it is asked for one picture, and who makes the picture in the end. */
const TABLE: readonly (readonly [Scenario, number, string])[] = [
  ['rate limit', 3, 'openai'],
  ['server error', 3, 'openai'],
  ['never answers', 1, 'openai'], // it may have arrived: asking twice could cost twice
  ['drops the request', 1, 'openai'],
  ['strange reply', 1, 'openai'],
  ['garbage', 1, 'openai'],
  ['truncated', 1, 'openai'],
  ['lost output', 1, 'openai'],
  ['failing', 1, 'openai'],
  ['unsafe', 1, 'refused'], // a refusal is not taken to somebody who may look less closely
];

test.each(TABLE)('a provider that answers "%s" is asked %i times, then: %s', async (scenario, times, end) => {
  first.scenario = scenario;
  const made = make(both());
  if (end === 'refused')
    await expect(made).rejects.toMatchObject({ code: 'CONTENT_REFUSED', provider: 'replicate' });
  else await expect(made).resolves.toMatchObject({ by: { provider: end, price: 50_000 } });
  expect(created()).toBe(times);
  expect(second.requests).toHaveLength(end === 'refused' ? 0 : 1);
});

test('the breaker opens after five failures: the provider is not asked again until it has rested', async () => {
  first.scenario = 'server error';
  const maker = alone();
  for (let i = 0; i < 6; i++)
    await expect(make(maker)).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
  expect(created()).toBe(5);
  await expect(make(maker)).rejects.toMatchObject({
    message: expect.stringContaining('5 times in a row') as string,
    retryable: true,
  });
  first.scenario = 'fine';
  await sleep(quick.restMs + 50);
  await expect(make(maker)).resolves.toMatchObject({ by: { provider: 'replicate' } });
});

test('a trial that fails lets it rest again: one request, not three', async () => {
  first.scenario = 'server error';
  const maker = alone();
  for (let i = 0; i < 2; i++) await expect(make(maker)).rejects.toThrow();
  await sleep(quick.restMs + 50);
  const before = created();
  await expect(make(maker)).rejects.toThrow();
  expect(created() - before).toBe(1);
});

test('tries wait longer each time, and never all the same time', async () => {
  first.scenario = 'server error';
  const waits: number[] = [];
  for (let i = 0; i < 8; i++) {
    const start = performance.now();
    await expect(
      make(createFailover([replicate()], () => undefined, { ...quick, firstDelayMs: 60 })),
    ).rejects.toThrow();
    waits.push(Math.round(performance.now() - start));
  }
  expect(Math.min(...waits)).toBeGreaterThan(20); // no hot loop
  expect(new Set(waits).size).toBeGreaterThan(4);
});

test('when all fail, each one’s reason is told', async () => {
  [first.scenario, second.scenario] = ['failing', 'garbage'];
  await expect(make(both())).rejects.toThrow(/replicate: .*CUDA.*; .*no picture/);
});

test('a kind is asked only of those who offer it, at the highest price that it may come to', async () => {
  const maker = both();
  expect(maker.offers['text-to-image']).toEqual({ model: 'black-forest-labs/flux-schnell', price: 50_000 });
  expect(maker.offers['try-on']?.price).toBe(25_000);
  first.scenario = 'failing';
  const references = (['PERSON', 'GARMENT'] as const).map((role) => ({
    role,
    picture: { width: 8, height: 8, channels: 3 as const, data: new Uint8Array(192) },
  }));
  const tryOn = maker.make(
    { ...brief, kind: 'try-on', references },
    new AbortController().signal,
    () => undefined,
  );
  await expect(tryOn).rejects.toThrow('CUDA');
  expect(second.requests).toHaveLength(0);
});

test('an abort while it waits for the next try ends at once', async () => {
  first.scenario = 'server error';
  const abort = new AbortController();
  const maker = createFailover([replicate(), openai()], () => undefined, { ...quick, firstDelayMs: 5_000 });
  const made = maker.make(brief, abort.signal, () => undefined);
  setTimeout(() => abort.abort(new Error('enough')), 200);
  await expect(made).rejects.toThrow('enough');
  expect(second.requests).toHaveLength(0);
});
