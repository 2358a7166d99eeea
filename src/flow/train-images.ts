import type { Compute } from '../domain/graph/compute.js';
import type { Trainer } from '../domain/graph/trainer.js';
import { fingerprint } from '../domain/imaging/fingerprint.js';
import type { PictureManifest } from '../domain/imaging/picture-model.js';
import { ENLARGEMENT } from '../domain/imaging/sharpener.js';
import type { Clock, TextEncoder } from './ports.js';
import type { ImageTrainingFiles } from './ports/image-training.js';
import { prepareImageTraining } from './prepare-image-training.js';
import {
  createDenoiserTrainer,
  type DenoiserSize,
  denoiserShape,
  denoiserStep,
  SHIPPED_SIZE,
} from './train-denoiser.js';
import { createSpoiler } from './spoil-drawings.js';
import { createSharpenerTrainer, SHARPENER_DRAWINGS, sharpenerStep } from './train-sharpener.js';

export interface ImageTrainingPorts {
  readonly compute: Compute;
  readonly text: TextEncoder;
  readonly clock: Clock;
  readonly imageTraining: ImageTrainingFiles;
}

export interface ImageTrainingOptions {
  /** Steps of the denoiser; as many pictures as the shipped model saw when left out. */
  readonly steps?: number;
  readonly sharpenerSteps?: number;
  readonly seed?: number;
  /** Of the denoiser and of its pictures and batches; those of the shipped model when left out. */
  readonly size?: DenoiserSize & { readonly picture: number; readonly batch: number };
  /** Where checkpoints are kept. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onProgress: (stage: string, done: number, total: number, loss: number) => void;
}

export interface LossPoint {
  readonly step: number;
  readonly loss: number;
}

/** The shipped weights saw 3.3 million pictures on an accelerator (bench/accelerator): days of two cores. */
const SHIPPED = {
  steps: 100_000,
  sharpenerSteps: 20_000,
  seed: 7,
  size: { ...SHIPPED_SIZE, picture: 64, batch: 32 },
};
const REPORT_EVERY = 25;
const SAVE_EVERY = 100;

/**
 * Trains the picture model on the demo art and replaces the shipped one. It may be stopped at any time: it goes on from the last
 * checkpoint in the folder, with the batches that an unbroken run would have seen.
 */
export async function trainImages(
  ports: ImageTrainingPorts,
  { folder, signal, onProgress, ...given }: ImageTrainingOptions,
): Promise<PictureManifest> {
  const { steps, sharpenerSteps, seed, size } = { ...SHIPPED, ...given };
  const { picture, batch, ...shape } = size;
  const started = ports.clock.now();
  const art = await ports.imageTraining.art(picture);
  const { set, vocabulary } = await prepareImageTraining(ports.text, art, signal);
  const sitting = { files: ports.imageTraining, folder, signal, onProgress };
  const denoising = { steps, seed, batch, size: shape };
  const denoiser = createDenoiserTrainer(ports.compute, set, denoising);
  const denoiserLosses = await runTraining({ ...sitting, name: 'denoiser', steps }, denoiser, () =>
    denoiserStep(denoiser, set, denoising),
  );
  const spoiler = await createSpoiler(ports.compute, set, {
    weights: denoiser.weights(),
    shape: denoiserShape(set, shape),
    batch: SHARPENER_DRAWINGS,
  });
  const large = await ports.imageTraining.art(picture * ENLARGEMENT);
  const material = { large: large.drawings.map(({ pixels }) => pixels), spoiler };
  const sharpening = { steps: sharpenerSteps, seed, width: picture };
  const sharpener = createSharpenerTrainer(ports.compute, sharpening);
  const sharpenerLosses = await runTraining(
    { ...sitting, name: 'sharpener', steps: sharpenerSteps },
    sharpener,
    () => sharpenerStep(sharpener, material, sharpening),
  );
  const manifest: PictureManifest = {
    name: 'vitrine-stickers',
    version: 2,
    encoder: ports.text.name,
    width: picture,
    denoiser: denoiserShape(set, shape),
    vocabulary,
    training: {
      drawings: art.drawings.length,
      concepts: art.concepts.length,
      batch,
      seed,
      steps,
      sharpenerSteps,
      minutes: Math.round((ports.clock.now().getTime() - started.getTime()) / 60_000),
      denoiserLosses,
      sharpenerLosses,
    },
  };
  await ports.imageTraining.saveModel(manifest, {
    denoiser: denoiser.weights(),
    sharpener: sharpener.weights(),
    fingerprints: joinedBytes(art.drawings.map(({ pixels }) => fingerprint(pixels, art.width))),
  });
  await Promise.all([denoiser.dispose(), spoiler.dispose(), sharpener.dispose()]);
  return manifest;
}

function joinedBytes(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.length * (parts[0]?.length ?? 0));
  parts.forEach((part, i) => all.set(part, i * part.length));
  return all;
}

interface Sitting extends Pick<ImageTrainingOptions, 'folder' | 'signal' | 'onProgress'> {
  readonly name: string;
  readonly steps: number;
  readonly files: ImageTrainingFiles;
}

/** Steps until done or stopped; saved every 100 steps and at the end. Returns the loss curve of this sitting. */
async function runTraining(
  { name, steps, files, folder, signal, onProgress }: Sitting,
  trainer: Trainer,
  train: () => Promise<number>,
): Promise<LossPoint[]> {
  const saved = await files.read(folder, `${name}.checkpoint`);
  if (saved) trainer.restore(saved);
  const save = () => files.write(folder, `${name}.checkpoint`, trainer.checkpoint());
  const curve: LossPoint[] = [];
  let recent: number[] = [];
  while (trainer.step < steps) {
    signal.throwIfAborted();
    recent.push(await train());
    if (trainer.step % REPORT_EVERY === 0) {
      const loss = recent.reduce((sum, value) => sum + value, 0) / recent.length;
      if (!Number.isFinite(loss)) throw new Error(`the ${name} lost its way at step ${trainer.step}`);
      curve.push({ step: trainer.step, loss: Number(loss.toFixed(4)) });
      onProgress(name, trainer.step, steps, loss);
      recent = [];
    }
    if (trainer.step % SAVE_EVERY === 0) await save();
  }
  await save();
  return curve;
}
