import { imageMakerContract } from '../../../../test/contracts/image-maker.contract.js';
import {
  REPLICATE_TEST_TOKEN,
  startReplicateServer,
  type ReplicateServer,
} from '../../../../test/support/replicate-server.js';
import type { PictureBrief } from '../../../flow/ports.js';
import { createReplicateMaker } from './replicate.js';

let server: ReplicateServer;
beforeEach(async () => {
  server = await startReplicateServer();
});
afterEach(() => server.close());

const settings = () => ({
  token: REPLICATE_TEST_TOKEN,
  baseUrl: server.baseUrl,
  models: { 'text-to-image': { model: 'maker/model' } },
  webhook: null,
});
const brief: PictureBrief = {
  kind: 'text-to-image',
  words: 'a red apple',
  style: 'flat',
  taste: null,
  seed: 3,
  steps: 4,
  guidance: 3.5,
  from: null,
  references: [],
};
const make = (signal = new AbortController().signal, changed = {}) =>
  createReplicateMaker({ ...settings(), ...changed }).make(brief, signal, () => undefined);
const posts = () => server.requests.filter((request) => request.startsWith('POST'));

imageMakerContract('replicate', () => ({
  maker: createReplicateMaker(settings()),
  slowDown: () => {
    server.scenario = 'slow';
  },
}));

test('one prediction is created, with the words and style and nothing else of the person', async () => {
  const { used } = await make();
  expect(posts()).toEqual(['POST /v1/models/maker/model/predictions']);
  expect([...server.predictions.values()]).toMatchObject([
    { prompt: 'a red apple, flat style', status: 'succeeded' },
  ]);
  expect(used).toMatchObject({ model: 'maker/model', seed: 3, seconds: 0.4 });
});

test('a model with a version is asked for by its version', async () => {
  await make(undefined, { models: { 'text-to-image': { model: `maker/model:${'0'.repeat(64)}` } } });
  expect(posts()).toEqual(['POST /v1/predictions']);
});

test('a request that gets no answer is not sent again: it could be billed twice', async () => {
  server.scenario = 'drops the request';
  await expect(make()).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE', retryable: false });
  expect(posts()).toHaveLength(1);
});

test('a poll that gets no answer is repeated', async () => {
  server.scenario = 'drops one poll';
  await expect(make()).resolves.toMatchObject({ picture: { width: 64, height: 64 } });
  expect(posts()).toHaveLength(1);
});

test('aborting cancels the prediction at the provider', async () => {
  server.scenario = 'slow';
  const abort = new AbortController();
  const made = make(abort.signal);
  setTimeout(() => abort.abort(new Error('enough')), 500);
  await expect(made).rejects.toThrow();
  expect([...server.predictions.values()]).toMatchObject([{ status: 'canceled' }]);
});

test.each([
  [
    'failing',
    { code: 'PROVIDER_UNAVAILABLE', message: expect.stringContaining('CUDA out of memory') as string },
  ],
  ['unsafe', { code: 'CONTENT_REFUSED', message: expect.stringContaining('change the words') as string }],
  ['canceled', { code: 'PROVIDER_UNAVAILABLE', message: expect.stringContaining('canceled') as string }],
  ['garbage', { code: 'PROVIDER_UNAVAILABLE', message: expect.stringContaining('no picture') as string }],
  ['no output', { code: 'PROVIDER_UNAVAILABLE', message: expect.stringContaining('got none') as string }],
  ['lost output', { code: 'PROVIDER_UNAVAILABLE', message: expect.stringContaining('404') as string }],
  ['rate limit', { code: 'RATE_LIMITED', retryable: true }],
  ['strange reply', { code: 'PROVIDER_UNAVAILABLE' }],
] as const)(
  'a provider that answers "%s" becomes a failure with a sentence, once',
  async (scenario, failure) => {
    server.scenario = scenario;
    await expect(make()).rejects.toMatchObject(failure);
    expect(posts().filter((path) => !path.endsWith('/cancel'))).toHaveLength(1);
  },
);

test('a wrong token, a missing token and an absent server are told apart', async () => {
  await expect(make(undefined, { token: 'wrong' })).rejects.toThrow('refuses REPLICATE_API_TOKEN');
  await expect(make(undefined, { token: '' })).rejects.toThrow('need REPLICATE_API_TOKEN');
  await server.close();
  await expect(make()).rejects.toMatchObject({ message: 'Replicate could not be reached', retryable: true });
});

const picture = { width: 8, height: 8, channels: 3, data: new Uint8Array(192).fill(9) } as const;
const input = () => [...server.predictions.values()][0]?.input;

test('try-on sends both pictures as files, by the newest version of the model, and takes them back', async () => {
  const references = [
    { role: 'PERSON', picture },
    { role: 'GARMENT', picture: { ...picture, data: new Uint8Array(192).fill(90) } },
  ] as const;
  const maker = createReplicateMaker(settings());
  await maker.make({ ...brief, kind: 'try-on', references }, new AbortController().signal, () => undefined);
  const file = expect.stringContaining('/v1/files/') as string;
  expect(input()).toEqual({
    human_img: file,
    garm_img: file,
    garment_des: 'a red apple, flat style',
    seed: 3,
    steps: 4,
  });
  expect(input()?.['human_img']).not.toBe(input()?.['garm_img']);
  expect(server.requests).toContain('GET /v1/models/cuuupid/idm-vton');
  expect(posts()).toEqual(['POST /v1/files', 'POST /v1/files', 'POST /v1/predictions']);
  expect(server.files.size).toBe(0);
});

test('files are taken back when the prediction is refused, too', async () => {
  server.scenario = 'server error';
  const remix = { ...brief, kind: 'image-to-image', from: { picture, strength: 0.4 } } as const;
  const maker = createReplicateMaker(settings());
  await expect(maker.make(remix, new AbortController().signal, () => undefined)).rejects.toThrow('500');
  expect(server.requests).toContain('POST /v1/files');
  expect(server.files.size).toBe(0);
});

test('a table row of one’s own decides what is sent', async () => {
  const own = {
    model: 'us/ours',
    official: true,
    input: { text: '$prompt', n: '$seed', strength: '$strength', fast: true },
  };
  await expect(make(undefined, { models: { 'text-to-image': own } })).rejects.toThrow('422'); // the server wants a prompt
  await make(undefined, {
    models: { 'text-to-image': { ...own, input: { ...own.input, prompt: 'fixed' } } },
  });
  expect(input()).toEqual({ text: 'a red apple, flat style', n: 3, fast: true, prompt: 'fixed' });
});

test('a run of an earlier attempt is followed, and not paid for again', async () => {
  const { used } = await make();
  const runId = String(used['predictionId']);
  const memory = {
    earlier: () => Promise.resolve({ provider: 'replicate', runId }),
    started: () => Promise.reject(new Error('nothing was to be started')),
    news: () => Promise.resolve(null),
  };
  const again = await createReplicateMaker(settings()).make(
    brief,
    new AbortController().signal,
    () => undefined,
    memory,
  );
  expect(again.used['predictionId']).toBe(runId);
  expect(posts()).toHaveLength(1);
});
