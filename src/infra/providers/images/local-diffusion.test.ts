import { imageMakerContract } from '../../../../test/contracts/image-maker.contract.js';
import { Graph } from '../../../domain/graph/graph.js';
import { initialValues } from '../../../domain/graph/initial-values.js';
import { denoiserModel } from '../../../domain/imaging/denoiser.js';
import { enlargerModel } from '../../../domain/imaging/enlarger.js';
import { packModel, type PictureManifest, unpackModel } from '../../../domain/imaging/picture-model.js';
import { seededRandom } from '../../../domain/random.js';
import type { PictureBrief, PictureProgress, TextEncoder } from '../../../flow/ports.js';
import { onnxCompute } from '../../compute/onnx-compute.js';
import { createLocalDiffusion } from './local-diffusion.js';

const DIMENSIONS = 6;
const manifest: PictureManifest = {
  name: 'tiny',
  version: 1,
  encoder: 'letters',
  width: 16,
  patch: 8,
  denoiser: { tokens: 4, k: 5, width: 12, layers: 1, heads: 2, dimensions: DIMENSIONS, bag: 4 },
  vocabulary: { words: ['apple', 'blue', 'red'], phrases: [], styles: ['flat'] },
  training: {},
};

/** Untrained weights: what is tested is the way to a picture, not the picture. */
function tinyModel() {
  const [base, large] = [new Graph(), new Graph()];
  denoiserModel(base, 2, manifest.denoiser);
  enlargerModel(large, 16);
  const random = seededRandom(2);
  const axes = Float32Array.from({ length: 5 * 192 }, () => random.normal() / 14);
  const basis = { patch: 8, k: 5, mean: new Float32Array(192), axes, deviation: new Float32Array(5).fill(1) };
  return unpackModel(
    manifest,
    packModel({ basis, denoiser: initialValues(base, 1), enlarger: noisy(initialValues(large, 1)) }),
  );
}

/** The last layer starts as zeros, which would make every picture grey. */
function noisy(values: ReturnType<typeof initialValues>) {
  const random = seededRandom(3);
  return {
    ...values,
    'out.weight': Float32Array.from(values['out.weight'] ?? [], () => random.normal() * 0.1),
  };
}

const text: TextEncoder = {
  name: 'letters',
  dimensions: DIMENSIONS,
  encode: (texts) =>
    Promise.resolve(
      texts.map((word) =>
        Float32Array.from({ length: DIMENSIONS }, (_, i) => (word.charCodeAt(i % word.length) - 100) / 20),
      ),
    ),
};
const brief: PictureBrief = {
  kind: 'text-to-image',
  words: 'a red apple',
  style: 'flat',
  taste: null,
  seed: 5,
  steps: 8,
  guidance: 2,
  from: null,
  references: [],
};
const maker = createLocalDiffusion({
  compute: onnxCompute({ threads: 1 }),
  text,
  load: () => Promise.resolve(tinyModel()),
});
imageMakerContract('local diffusion', () => ({ maker }));

const never = new AbortController().signal;
const make = (
  change: Partial<PictureBrief> = {},
  onProgress: (p: PictureProgress) => void = () => undefined,
) => maker.make({ ...brief, ...change }, never, onProgress);

test('the same brief gives the same pixels, another seed or other words do not', async () => {
  const [first, again, seed, words] = [
    await make(),
    await make(),
    await make({ seed: 6 }),
    await make({ words: 'blue' }),
  ];
  expect(first.picture).toMatchObject({ width: 64, height: 64, channels: 3 });
  expect(again.picture.data).toEqual(first.picture.data);
  expect(seed.picture.data).not.toEqual(first.picture.data);
  expect(words.picture.data).not.toEqual(first.picture.data);
});

test('taste changes the picture and is named among what was used', async () => {
  const taste = Float32Array.of(1, 0, 0, -1, 0, 0);
  const [plain, personal] = [await make(), await make({ taste })];
  expect(personal.picture.data).not.toEqual(plain.picture.data);
  expect(plain.used).toMatchObject({
    taste: false,
    words: ['red', 'apple'],
    knownWords: ['red', 'apple'],
    style: 'flat',
  });
  expect(personal.used).toMatchObject({ taste: true });
});

test('progress rises to the end, with previews on the way', async () => {
  const seen: PictureProgress[] = [];
  await make({}, (progress) => seen.push(progress));
  const shares = seen.map(({ progress }) => progress);
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
  expect(seen.filter(({ preview }) => preview !== null).length).toBeGreaterThan(1);
});

test('an abort between two steps stops the work, and the next picture is made all the same', async () => {
  const abort = new AbortController();
  const stopped = maker.make(brief, abort.signal, () => abort.abort(new Error('enough')));
  const next = make();
  await expect(stopped).rejects.toThrow('enough');
  expect((await next).picture.data.length).toBe(64 * 64 * 3);
});

test('a variation at full strength is a new picture: nothing of its start is kept', async () => {
  const start = { width: 16, height: 16, channels: 3 as const, data: new Uint8Array(16 * 16 * 3).fill(40) };
  const full = await make({ from: { picture: start, strength: 1 } });
  expect(full.picture.data).toEqual((await make()).picture.data);
  expect(full.used).toMatchObject({ strength: 1 });
});
