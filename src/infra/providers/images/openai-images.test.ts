import { imageMakerContract } from '../../../../test/contracts/image-maker.contract.js';
import {
  OPENAI_TEST_KEY,
  startOpenAiServer,
  type OpenAiScenario,
  type OpenAiServer,
} from '../../../../test/support/openai-images-server.js';
import type { PictureBrief } from '../../../flow/ports.js';
import { createOpenAiMaker } from './openai-images.js';

let server: OpenAiServer;
beforeEach(async () => {
  server = await startOpenAiServer();
});
afterEach(() => server.close());

const settings = () => ({
  baseUrl: server.baseUrl,
  key: OPENAI_TEST_KEY as string | null,
  model: 'gpt-image-1',
  price: 50_000,
});
imageMakerContract('OpenAI-style', () => ({ maker: createOpenAiMaker(settings()) }));

const brief: PictureBrief = {
  ...{ kind: 'text-to-image', words: 'a red apple', style: null, taste: Float32Array.of(1), seed: 3 },
  ...{ steps: 1, guidance: 1, from: null, references: [] },
};
const make = (changed = {}, maker = createOpenAiMaker({ ...settings(), ...changed })) =>
  maker.make(brief, new AbortController().signal, () => undefined);

test('fields that the server does not know are left out from then on', async () => {
  server.scenario = 'strict';
  const maker = createOpenAiMaker(settings());
  await make({}, maker);
  await make({}, maker);
  expect(server.requests).toHaveLength(4); // response_format and seed were refused once each
  expect(server.requests.at(-1)?.fields).toEqual({
    model: 'gpt-image-1',
    prompt: 'a red apple',
    n: 1,
    size: '1024x1024',
  });
});

test('a picture that comes as an address is fetched', async () => {
  server.scenario = 'by url';
  await expect(make()).resolves.toMatchObject({ picture: { width: 64, height: 64 } });
});

test('aborting drops the connection', async () => {
  server.scenario = 'slow';
  const abort = new AbortController();
  setTimeout(() => abort.abort(new Error('enough')), 200);
  const made = createOpenAiMaker(settings()).make(brief, abort.signal, () => undefined);
  await expect(made).rejects.toThrow('enough');
});

test.each([
  ['refusing', { code: 'CONTENT_REFUSED', retryable: false }],
  ['garbage', { code: 'PROVIDER_UNAVAILABLE', message: expect.stringContaining('no picture') as string }],
  ['truncated', { code: 'PROVIDER_UNAVAILABLE', message: expect.stringContaining('broken') as string }],
  ['breaks off', { code: 'PROVIDER_UNAVAILABLE', message: expect.stringContaining('broke off') as string }],
  ['server error', { code: 'PROVIDER_UNAVAILABLE', retryable: true }],
  ['rate limit', { code: 'RATE_LIMITED', retryable: true }],
] as const)(
  'a server that answers "%s" becomes a failure with a sentence',
  async (scenario: OpenAiScenario, failure) => {
    server.scenario = scenario;
    await expect(make()).rejects.toMatchObject(failure);
    expect(server.requests).toHaveLength(1);
  },
);

test('a wrong key names the setting', async () => {
  await expect(make({ key: 'wrong' })).rejects.toThrow('refuses OPENAI_IMAGES_KEY');
});
