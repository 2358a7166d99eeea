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
import { decodePicture, encodePicture, type PatchBasis } from '../domain/imaging/patch-basis.js';
import { toSigned } from '../domain/imaging/pixels.js';
import { type Random, seededRandom } from '../domain/random.js';

export interface EnlargerTraining {
  readonly steps: number;
  readonly seed: number;
  readonly threads?: number;
}

/** The same drawing small and large. */
export interface PicturePair {
  readonly small: Uint8Array;
  readonly large: Uint8Array;
}

const BLOCKS = 1536;
/** Blocks from one drawing per step: spoiling a whole picture for one block would be waste. */
const FROM_ONE = 64;
/** Largest standard deviation of the noise put on the latent, whose own is about 1. */
const MOST_NOISE = 0.35;

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
  { pairs, width, basis }: { pairs: readonly PicturePair[]; width: number; basis: PatchBasis },
  { seed }: EnlargerTraining,
): Promise<number> {
  const random = seededRandom(`${seed}/enlarger/${trainer.step}`);
  const contexts = new Float32Array(BLOCKS * CONTEXT_VALUES);
  const target = new Float32Array(BLOCKS * BLOCK_VALUES);
  for (let from = 0; from < BLOCKS; from += FROM_ONE) {
    const pair = pairs[random.int(pairs.length)];
    if (!pair) throw new Error('no drawings to learn from');
    const all = contextsOf(toSigned(spoil(pair.small, { width, basis }, random)), width);
    const large = toSigned(pair.large);
    const count = all.length / CONTEXT_VALUES;
    for (let i = 0; i < FROM_ONE; i++) {
      const block = drawBlock(all, count, random);
      contexts.set(
        all.subarray(block * CONTEXT_VALUES, (block + 1) * CONTEXT_VALUES),
        (from + i) * CONTEXT_VALUES,
      );
      target.set(blockOf(large, width * ENLARGEMENT, block), (from + i) * BLOCK_VALUES);
    }
  }
  return (await trainer.train({ feeds: { contexts, target } })).loss;
}

/** What the denoiser leaves behind: its 24 axes only, each a little wrong. */
function spoil(
  small: Uint8Array,
  { width, basis }: { width: number; basis: PatchBasis },
  random: Random,
): Uint8Array {
  const z = encodePicture(small, width, basis);
  const deviation = MOST_NOISE * random.next() ** 2;
  return decodePicture(
    z.map((value) => value + deviation * random.normal()),
    width,
    basis,
  );
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
