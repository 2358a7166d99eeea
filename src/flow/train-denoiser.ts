import type { Compute } from '../domain/graph/compute.js';
import { Graph } from '../domain/graph/graph.js';
import { createTrainer, type Trainer } from '../domain/graph/trainer.js';
import { denoiserLoss, type DenoiserShape } from '../domain/imaging/denoiser.js';
import { UNITS } from '../domain/imaging/condition.js';
import { PALETTE_BINS } from '../domain/imaging/palette-histogram.js';
import { PATCH } from '../domain/imaging/patches.js';
import { drawBatch, type TrainingSet } from '../domain/imaging/training-batch.js';
import { seededRandom } from '../domain/random.js';

export interface DenoiserSize {
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
}

export interface DenoiserTraining {
  readonly size: DenoiserSize;
  readonly steps: number;
  readonly batch: number;
  readonly seed: number;
  readonly threads?: number;
}

/** 17.2 M weights; a picture costs 4.2 G products forward, so that a step of 32 is about half a minute of two cores. */
export const SHIPPED_SIZE: DenoiserSize = { width: 384, layers: 8, heads: 6 };

export function denoiserShape({ art, dimensions, layout }: TrainingSet, size: DenoiserSize): DenoiserShape {
  return {
    ...size,
    tokens: (art.width / PATCH) ** 2,
    k: PATCH ** 2 * 3,
    dimensions,
    bag: layout.size,
    units: UNITS,
    palette: PALETTE_BINS,
  };
}

export function createDenoiserTrainer(
  compute: Pick<Compute, 'compile'>,
  set: TrainingSet,
  { steps, batch, seed, size, threads }: DenoiserTraining,
): Trainer {
  return createTrainer(compute, {
    build: () => {
      const graph = new Graph();
      graph.output('loss', denoiserLoss(graph, batch, denoiserShape(set, size)));
      return graph;
    },
    optimiser: {
      learningRate: 8e-4,
      warmupSteps: 100,
      totalSteps: steps,
      finalRate: 0.02,
      beta2: 0.98,
      weightDecay: 0.02,
      clipNorm: 1,
      emaDecay: 0.9993,
    },
    seed,
    ...(threads === undefined ? {} : { threads }),
  });
}

/** One step. The batch depends on seed and step alone, so a resumed run sees what an unbroken one would have seen. */
export async function denoiserStep(
  trainer: Trainer,
  set: TrainingSet,
  options: DenoiserTraining,
): Promise<number> {
  const random = seededRandom(`${options.seed}/batch/${trainer.step}`);
  const { loss } = await trainer.train({ feeds: { ...drawBatch(set, options.batch, random) } });
  return loss;
}
