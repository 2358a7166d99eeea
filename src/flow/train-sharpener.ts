import type { Compute } from '../domain/graph/compute.js';
import { Graph } from '../domain/graph/graph.js';
import { createTrainer, type Trainer } from '../domain/graph/trainer.js';
import { toPlanes } from '../domain/imaging/pixels.js';
import { sharpenerLoss } from '../domain/imaging/sharpener.js';
import { seededRandom } from '../domain/random.js';
import type { Spoiler } from './spoil-drawings.js';

export interface SharpenerTraining {
  readonly steps: number;
  readonly seed: number;
  /** Side of the small pictures. */
  readonly width: number;
  readonly threads?: number;
}

/** Drawings of one step. */
export const SHARPENER_DRAWINGS = 4;

export function createSharpenerTrainer(
  compute: Pick<Compute, 'compile'>,
  { steps, seed, width, threads }: SharpenerTraining,
): Trainer {
  return createTrainer(compute, {
    build: () => {
      const graph = new Graph();
      graph.output('loss', sharpenerLoss(graph, SHARPENER_DRAWINGS, width));
      return graph;
    },
    optimiser: {
      learningRate: 1e-3,
      warmupSteps: 100,
      totalSteps: steps,
      finalRate: 0.02,
      clipNorm: 1,
      emaDecay: 0.998,
    },
    seed,
    ...(threads === undefined ? {} : { threads }),
  });
}

/** One step on a few drawings whose small version was spoilt. */
export async function sharpenerStep(
  trainer: Trainer,
  { large, spoiler }: { large: readonly Uint8Array[]; spoiler: Spoiler },
  { seed }: SharpenerTraining,
): Promise<number> {
  const random = seededRandom(`${seed}/sharpener/${trainer.step}`);
  const drawings = Array.from({ length: SHARPENER_DRAWINGS }, () => random.int(large.length));
  const spoilt = await spoiler.spoil(drawings, random);
  const feeds = {
    small: joined(spoilt.map(toPlanes)),
    large: joined(drawings.map((drawing) => toPlanes(large[drawing] ?? new Uint8Array()))),
  };
  return (await trainer.train({ feeds })).loss;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
