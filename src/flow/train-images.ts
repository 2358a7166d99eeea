import type { Compute } from '../domain/graph/compute.js';
import type { Trainer } from '../domain/graph/trainer.js';
import { ENLARGEMENT } from '../domain/imaging/enlarger.js';
import type { PictureManifest } from '../domain/imaging/picture-model.js';
import type { Clock, TextEncoder } from './ports.js';
import type { ImageTrainingFiles } from './ports/image-training.js';
import { PATCH, PICTURE_WIDTH, prepareImageTraining } from './prepare-image-training.js';
import { createDenoiserTrainer, denoiserShape, denoiserStep } from './train-denoiser.js';
import { createSpoiler } from './spoil-drawings.js';
import { createEnlargerTrainer, ENLARGER_DRAWINGS, enlargerStep } from './train-enlarger.js';

export interface ImageTrainingPorts {
  readonly compute: Compute;
  readonly text: TextEncoder;
  readonly clock: Clock;
  readonly imageTraining: ImageTrainingFiles;
}

export interface ImageTrainingOptions {
  /** Steps of the denoiser; those of the shipped model when left out. */
  readonly steps?: number;
  readonly enlargerSteps?: number;
  readonly seed?: number;
  /** Where checkpoints are kept. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onProgress: (stage: string, done: number, total: number, loss: number) => void;
}

export interface LossPoint {
  readonly step: number;
  readonly loss: number;
}

/** What the shipped weights were made with. */
const SHIPPED = { steps: 3000, enlargerSteps: 450, seed: 7 } as const;
/** Pictures of one denoiser step. */
const BATCH = 128;
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
  const { steps, enlargerSteps, seed } = { ...SHIPPED, ...given };
  const started = ports.clock.now();
  const art = await ports.imageTraining.art(PICTURE_WIDTH);
  const { set, vocabulary } = await prepareImageTraining(ports.text, art, signal);
  const sitting = { files: ports.imageTraining, folder, signal, onProgress };
  const denoising = { steps, seed, batch: BATCH };
  const denoiser = createDenoiserTrainer(ports.compute, set, denoising);
  const denoiserLosses = await runTraining({ ...sitting, name: 'denoiser', steps }, denoiser, () =>
    denoiserStep(denoiser, set, denoising),
  );
  const spoiler = await createSpoiler(ports.compute, set, {
    weights: denoiser.weights(),
    shape: denoiserShape(set),
    batch: ENLARGER_DRAWINGS,
  });
  const large = await ports.imageTraining.art(PICTURE_WIDTH * ENLARGEMENT);
  const material = { large: large.drawings.map(({ pixels }) => pixels), width: PICTURE_WIDTH, spoiler };
  const enlarging = { steps: enlargerSteps, seed };
  const enlarger = createEnlargerTrainer(ports.compute, enlarging);
  const enlargerLosses = await runTraining(
    { ...sitting, name: 'enlarger', steps: enlargerSteps },
    enlarger,
    () => enlargerStep(enlarger, material, enlarging),
  );
  const manifest: PictureManifest = {
    name: 'vitrine-stickers',
    version: 1,
    encoder: ports.text.name,
    width: PICTURE_WIDTH,
    patch: PATCH,
    denoiser: denoiserShape(set),
    vocabulary,
    training: {
      drawings: art.drawings.length,
      concepts: art.concepts.length,
      batch: BATCH,
      seed,
      steps,
      enlargerSteps,
      minutes: Math.round((ports.clock.now().getTime() - started.getTime()) / 60_000),
      denoiserLosses,
      enlargerLosses,
    },
  };
  await ports.imageTraining.saveModel(manifest, {
    basis: set.basis,
    denoiser: denoiser.weights(),
    enlarger: enlarger.weights(),
  });
  await Promise.all([denoiser.dispose(), spoiler.dispose(), enlarger.dispose()]);
  return manifest;
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
