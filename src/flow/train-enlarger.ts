import type { Compute } from '../domain/graph/compute.js';
import { Graph } from '../domain/graph/graph.js';
import { createTrainer, type Trainer } from '../domain/graph/trainer.js';
import {
  BLOCK_VALUES,
  blockOf,
  CONTEXT_VALUES,
  contextsOf,
  ENLARGEMENT,
  enlargerLoss,
} from '../domain/imaging/enlarger.js';
import { toSigned } from '../domain/imaging/pixels.js';
import { type Random, seededRandom } from '../domain/random.js';
import type { Spoiler } from './spoil-drawings.js';

export interface EnlargerTraining {
  readonly steps: number;
  readonly seed: number;
  readonly threads?: number;
}

/** Drawings of one step, and blocks from each: spoiling a whole picture for one block would be waste. */
export const ENLARGER_DRAWINGS = 24;
const FROM_ONE = 64;
const BLOCKS = ENLARGER_DRAWINGS * FROM_ONE;

export function createEnlargerTrainer(
  compute: Pick<Compute, 'compile'>,
  { steps, seed, threads }: EnlargerTraining,
): Trainer {
  return createTrainer(compute, {
    build: () => {
      const graph = new Graph();
      graph.output('loss', enlargerLoss(graph, BLOCKS));
      return graph;
    },
    optimiser: {
      learningRate: 1.5e-3,
      warmupSteps: 50,
      totalSteps: steps,
      finalRate: 0.02,
      clipNorm: 1,
      emaDecay: 0.995,
    },
    seed,
    ...(threads === undefined ? {} : { threads }),
  });
}

/** One step on blocks of a few drawings whose small version was spoilt. */
export async function enlargerStep(
  trainer: Trainer,
  { large, width, spoiler }: { large: readonly Uint8Array[]; width: number; spoiler: Spoiler },
  { seed }: EnlargerTraining,
): Promise<number> {
  const random = seededRandom(`${seed}/enlarger/${trainer.step}`);
  const drawings = Array.from({ length: ENLARGER_DRAWINGS }, () => random.int(large.length));
  const spoilt = await spoiler.spoil(drawings, random);
  const contexts = new Float32Array(BLOCKS * CONTEXT_VALUES);
  const target = new Float32Array(BLOCKS * BLOCK_VALUES);
  drawings.forEach((drawing, d) => {
    const all = contextsOf(toSigned(spoilt[d] ?? new Uint8Array()), width);
    const whole = toSigned(large[drawing] ?? new Uint8Array());
    const count = all.length / CONTEXT_VALUES;
    for (let i = 0; i < FROM_ONE; i++) {
      const block = drawBlock(all, count, random);
      const row = d * FROM_ONE + i;
      contexts.set(all.subarray(block * CONTEXT_VALUES, (block + 1) * CONTEXT_VALUES), row * CONTEXT_VALUES);
      target.set(blockOf(whole, width * ENLARGEMENT, block), row * BLOCK_VALUES);
    }
  });
  return (await trainer.train({ feeds: { contexts, target } })).loss;
}

/** Half of the plain blocks are drawn again: a white block teaches nothing that a thousand others did not. */
function drawBlock(contexts: Float32Array, count: number, random: Random): number {
  const block = random.int(count);
  const start = block * CONTEXT_VALUES;
  const first = contexts[start] ?? 0;
  const isPlain = contexts
    .subarray(start, start + CONTEXT_VALUES)
    .every((value) => Math.abs(value - first) < 0.1);
  return isPlain ? random.int(count) : block;
}
