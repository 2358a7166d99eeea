import { imageMakerContract } from '../../../../test/contracts/image-maker.contract.js';
import {
  startComfyServer,
  type ComfyScenario,
  type ComfyServer,
} from '../../../../test/support/comfyui-server.js';
import { must } from '../../../../test/support/must.js';
import type { PictureBrief, PictureProgress, RunMemory } from '../../../flow/ports.js';
import { createComfyMaker } from './comfyui.js';

let server: ComfyServer;
beforeEach(async () => {
  server = await startComfyServer();
});
afterEach(() => server.close());

const maker = () =>
  createComfyMaker({ baseUrl: server.baseUrl, checkpoint: 'sd.safetensors', upscaler: 'up.pth' });
imageMakerContract('ComfyUI', () => ({
  maker: maker(),
  slowDown: () => {
    server.scenario = 'slow';
  },
}));

const brief: PictureBrief = {
  ...{ kind: 'text-to-image', words: 'a red apple', style: 'flat', taste: Float32Array.of(1), seed: 3 },
  ...{ steps: 4, guidance: 6, from: null, references: [] },
};
const ignore = () => undefined;
const make = (signal = new AbortController().signal, memory?: RunMemory) =>
  maker().make(brief, signal, ignore, memory);
const posts = (path: string) => server.requests.filter((request) => request === `POST ${path}`).length;

test('words, seed and steps go into the workflow, and nothing of the taste', async () => {
  await make();
  const { graph } = must([...server.prompts.values()][0]);
  expect(graph['words']?.inputs).toMatchObject({ text: 'a red apple, flat style' });
  expect(graph['sample']?.inputs).toMatchObject({ seed: 3, steps: 4, cfg: 6, denoise: 1 });
});

test('progress comes over the socket, and without one the picture comes all the same', async () => {
  const seen: PictureProgress[] = [];
  await maker().make(brief, new AbortController().signal, (progress) => seen.push(progress));
  expect(seen.some(({ progress }) => progress > 0.3 && progress < 0.9)).toBe(true);
  server.scenario = 'without socket';
  await expect(make()).resolves.toMatchObject({ picture: { width: 64 } });
});

test('aborting interrupts the one that runs, and takes one that waits out of the queue', async () => {
  server.scenario = 'slow';
  const [first, second] = [new AbortController(), new AbortController()];
  const running = make(first.signal);
  const waiting = make(second.signal);
  running.catch(ignore);
  waiting.catch(ignore);
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect([...server.prompts.values()].map(({ state }) => state).sort()).toEqual(['running', 'waiting']);
  second.abort(new Error('enough'));
  first.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow();
  await expect(running).rejects.toThrow();
  expect([...server.prompts.values()].map(({ state }) => state)).toEqual(['interrupted']);
  expect(posts('/interrupt')).toBe(1);
});

test('what an earlier attempt queued is followed, not queued again', async () => {
  const runs: string[] = [];
  const memory: RunMemory = {
    earlier: () => Promise.resolve(runs[0] === undefined ? null : { provider: 'comfyui', runId: runs[0] }),
    started: (_, runId) => Promise.resolve(void runs.push(runId)),
    news: () => Promise.resolve(null),
  };
  await make(undefined, memory);
  await make(undefined, memory);
  expect(posts('/prompt')).toBe(1);
});

test.each([
  [
    'failing',
    { code: 'PROVIDER_UNAVAILABLE', message: expect.stringContaining('CUDA out of memory') as string },
  ],
  ['garbage', { code: 'PROVIDER_UNAVAILABLE', message: expect.stringContaining('no picture') as string }],
  ['no output', { code: 'PROVIDER_UNAVAILABLE', message: expect.stringContaining('gave none') as string }],
  ['server error', { code: 'PROVIDER_UNAVAILABLE', retryable: true }],
] as const)(
  'a server that answers "%s" becomes a failure with a sentence',
  async (scenario: ComfyScenario, failure) => {
    server.scenario = scenario;
    await expect(make()).rejects.toMatchObject(failure);
  },
);

test('an absent server is told, and worth another try', async () => {
  await server.close();
  await expect(make()).rejects.toMatchObject({ message: 'comfyui could not be reached', retryable: true });
});
