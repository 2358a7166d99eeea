import sharp from 'sharp';
import { imageMakerContract } from '../../../../test/contracts/image-maker.contract.js';
import { Graph } from '../../../domain/graph/graph.js';
import { initialValues } from '../../../domain/graph/initial-values.js';
import { denoiserModel } from '../../../domain/imaging/denoiser.js';
import { fingerprint } from '../../../domain/imaging/fingerprint.js';
import { packModel, type PictureManifest, unpackModel } from '../../../domain/imaging/picture-model.js';
import { typicalColour } from '../../../domain/imaging/recolour.js';
import { sharpenerModel } from '../../../domain/imaging/sharpener.js';
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
  denoiser: {
    tokens: 16,
    k: 48,
    width: 12,
    layers: 1,
    heads: 2,
    dimensions: DIMENSIONS,
    bag: 4,
    units: 8,
    palette: 64,
  },
  vocabulary: { words: ['apple', 'blue', 'red'], phrases: [], styles: ['flat'] },
  training: {},
};

/** Untrained weights: what is tested is the way to a picture, not the picture. */
function tinyModel(fingerprints: Uint8Array = new Uint8Array()) {
  const [base, large] = [new Graph(), new Graph()];
  denoiserModel(base, 1, manifest.denoiser);
  sharpenerModel(large, 1, manifest.width);
  const denoiser = noisy(initialValues(base, 1), ['final.weight', 'modulation.weight']);
  return unpackModel(manifest, packModel({ denoiser, sharpener: initialValues(large, 1) }), fingerprints);
}

/** These layers start as zeros, which would make every picture grey. */
function noisy(values: ReturnType<typeof initialValues>, names: readonly string[]) {
  const random = seededRandom(3);
  const changed = names.map((name) => [name, values[name]?.map(() => random.normal() * 0.3)]);
  return { ...values, ...(Object.fromEntries(changed) as typeof values) };
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

test('colour codes in the brief are a palette and no words; another palette is another picture', async () => {
  const [blue, red] = [await make({ words: 'apple #0000ff' }), await make({ words: 'apple #f00' })];
  expect(blue.used).toMatchObject({ words: ['apple'], colours: [[0, 0, 255]] });
  expect(red.picture.data).not.toEqual(blue.picture.data);
});

test('a variation that asks for a colour is led there, one that asks for none is not', async () => {
  const red = new Uint8Array(16 * 16 * 3).map((_, i) => [210, 40, 30][i % 3] ?? 0);
  const from = { picture: { width: 16, height: 16, channels: 3 as const, data: red }, strength: 0.7 };
  const [blue, plain, fresh] = [
    await make({ words: 'blue apple', from }),
    await make({ words: 'apple', from }),
    await make({ words: 'blue apple' }),
  ];
  expect(blue.used).toMatchObject({ ledTo: 'blue', colours: [typicalColour('blue')] });
  expect(plain.used).toMatchObject({ ledTo: null, colours: [] });
  expect(fresh.used).toMatchObject({ ledTo: null, colours: [] }); // it starts from nothing: its words are enough
});

test('a picture that comes too near to a drawing is drawn anew, twice at most; of several another one is taken', async () => {
  const draw = (sketches: number, drawings?: ReturnType<typeof fingerprint>) =>
    createLocalDiffusion({
      ...{ compute: onnxCompute({ threads: 1 }), text, sketches },
      load: () => Promise.resolve(tinyModel(drawings)),
    }).make(brief, never, () => undefined);
  const asDrawing = async ({ picture }: Awaited<ReturnType<typeof draw>>) => {
    const image = sharp(picture.data, { raw: { width: 64, height: 64, channels: 3 } });
    return fingerprint(await image.resize(16, 16, { kernel: 'nearest' }).raw().toBuffer(), 16);
  };
  const first = await draw(1);
  const again = await draw(1, await asDrawing(first));
  expect(first.used).toMatchObject({ redrawn: 0, nearestDrawing: null });
  expect(again.used['redrawn']).toBeGreaterThan(0);
  expect(again.used['nearestDrawing']).toBeGreaterThan(12);
  expect(again.picture.data).not.toEqual(first.picture.data);
  const best = await draw(3);
  const second = await draw(3, await asDrawing(best));
  expect(second.used).toMatchObject({ redrawn: 0, sketches: 3 });
  expect(second.used['chosen']).not.toBe(best.used['chosen']);
});
