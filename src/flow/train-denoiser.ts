import type { Compute } from '../domain/graph/compute.js';
import { Graph } from '../domain/graph/graph.js';
import { createTrainer, type Trainer } from '../domain/graph/trainer.js';
import { denoiserLoss, type DenoiserShape } from '../domain/imaging/denoiser.js';
import { drawBatch, type TrainingSet } from '../domain/imaging/training-batch.js';
import { seededRandom } from '../domain/random.js';

export interface DenoiserTraining {
  readonly steps: number;
  readonly batch: number;
  readonly seed: number;
  readonly threads?: number;
}

export interface TrainingStep {
  readonly step: number;
  /** Mean since the last report. */
  readonly loss: number;
}

/** 9 M weights; a step of 128 pictures is 16 GFLOP, about half a second of one core. */
export function denoiserShape(set: TrainingSet): DenoiserShape {
  return {
    tokens: (set.art.width / set.basis.patch) ** 2,
    k: set.basis.k,
    width: 96,
    layers: 2,
    heads: 3,
    dimensions: set.dimensions,
    bag: set.layout.size,
  };
}

export function createDenoiserTrainer(
  compute: Pick<Compute, 'compile'>,
  set: TrainingSet,
  { steps, batch, seed, threads }: DenoiserTraining,
): Trainer {
  return createTrainer(compute, {
    build: () => {
      const graph = new Graph();
      graph.output('loss', denoiserLoss(graph, batch, denoiserShape(set)));
      return graph;
    },
    optimiser: {
      learningRate: 1e-3,
      warmupSteps: 100,
      totalSteps: steps,
      finalRate: 0.03,
      beta2: 0.99,
      weightDecay: 0.01,
      clipNorm: 1,
      emaDecay: 0.997,
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
