import type { TrainingArt } from '../domain/imaging/concept.js';
import type { PictureManifest, PictureWeights } from '../domain/imaging/picture-model.js';
import { onnxCompute } from '../infra/compute/onnx-compute.js';
import type { ImageTrainingFiles } from './ports/image-training.js';
import { trainImages } from './train-images.js';

const concept = (label: string) => ({ label, tags: ['thing'], group: 'things', subgroup: 'round' });
/** A red disc and a blue one. */
const artOf = (width: number): TrainingArt => ({
  width,
  concepts: [concept('red disc'), concept('blue disc')],
  drawings: [
    [220, 20, 30],
    [20, 30, 220],
  ].map((colour, i) => ({
    concept: i,
    style: 'flat',
    pixels: Uint8Array.from({ length: width * width * 3 }, (_, at) => {
      const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
      return Math.hypot(x - width / 2, y - width / 2) < width / 3 ? (colour[at % 3] ?? 0) : 255;
    }),
  })),
});

function filesInMemory() {
  const checkpoints = new Map<string, Uint8Array>();
  const saved: { manifest: PictureManifest; weights: PictureWeights }[] = [];
  const files: ImageTrainingFiles = {
    art: (width) => Promise.resolve(artOf(width)),
    read: (_, name) => Promise.resolve(checkpoints.get(name) ?? null),
    write: (_, name, bytes) => Promise.resolve(void checkpoints.set(name, bytes)),
    saveModel: (manifest, weights) => Promise.resolve(void saved.push({ manifest, weights })),
  };
  return { files, checkpoints, saved };
}

test('both networks train on the processor, the loss falls, and a finished training is not trained again', async () => {
  const { files, checkpoints, saved } = filesInMemory();
  const ports = {
    compute: onnxCompute({ threads: 1 }),
    clock: { now: () => new Date('2026-01-01T00:00:00Z') },
    imageTraining: files,
    text: {
      name: 'letters',
      dimensions: 4,
      encode: (texts: readonly string[]) =>
        Promise.resolve(
          texts.map((text) => Float32Array.from({ length: 4 }, (_, i) => (text.charCodeAt(i) || 100) / 200)),
        ),
    },
  };
  const options = {
    steps: 150,
    sharpenerSteps: 25,
    size: { width: 12, layers: 1, heads: 2, picture: 16, batch: 4 },
    folder: 'none',
    signal: new AbortController().signal,
    onProgress: () => undefined,
  };
  const { training } = await trainImages(ports, options);
  const losses = (training['denoiserLosses'] as { loss: number }[]).map(({ loss }) => loss);
  expect(losses).toHaveLength(6);
  expect(losses.at(-1)).toBeLessThan(0.7 * (losses[0] ?? NaN));
  expect([...checkpoints.keys()].sort()).toEqual(['denoiser.checkpoint', 'sharpener.checkpoint']);
  const again = await trainImages(ports, options);
  expect(again.training['denoiserLosses']).toEqual([]);
  expect(saved[1]?.weights).toEqual(saved[0]?.weights);
});
