import type { Values } from '../graph/compute.js';
import { Graph, type Tensor } from '../graph/graph.js';
import { weightedMean } from '../graph/ops/cross-entropy.js';
import { mul } from '../graph/ops/elementwise.js';
import { l2Normalise } from '../graph/ops/normalising.js';
import type { Batch } from '../graph/trainer.js';
import type { Random } from '../random.js';
import { trunkItems, type UnitItems } from './trunk-items.js';
import type { Diffusion } from './diffusion-objective.js';
import { cosineErrors, preferenceLoss, squaredErrors } from './diffusion-loss.js';
import type { Lesson } from './hold-out.js';
import { itemDenoiser, toldOrNothing } from './item-denoiser.js';
import { noisePool } from './noise-pool.js';
import { ITEM_NOISE, NOISE_STEPS, noisedRows } from './noise-schedule.js';
import type { StartTrunk } from './train-codes.js';
import { batchFeed } from './train-trunk.js';
import { trunkStates } from './trunk.js';

/** What a denoiser learns from: a graph with a loss, and its batches. */
export interface DenoiserLesson {
  readonly build: () => Graph;
  readonly stepsPerEpoch: number;
  readonly batchAt: (step: number) => Batch;
  /** Values that stay as they are while the denoiser learns. */
  readonly frozen: Values;
  readonly items: UnitItems;
}

/** Chance that a token's condition is withheld, so that the model also knows what is likely for anybody (Ho & Salimans 2022). */
const WITHHELD = 0.1;
/** Items whose centroid stands for what was not wanted; PreferDiff's own number. */
const NEGATIVES = 64;

interface ItemLessonOptions {
  readonly trunk: StartTrunk;
  readonly objective: Exclude<Diffusion, 'diffrec'>;
  /** Rows of a packed batch. */
  readonly rows: number;
  readonly random: Random;
}

/**
 * Noise on the vector of the item that came next, at every position of every history; the trunk below is frozen. Its dropout stays
 * on: without it the states of people it learned from are surer than those of people it will meet.
 */
export function itemLesson(lesson: Lesson, options: ItemLessonOptions): DenoiserLesson {
  const { trunk, rows, random, objective } = options;
  const { config } = trunk;
  const items = trunkItems(trunk);
  const feed = batchFeed(lesson, { config, rows, candidates: 0 }, random);
  const tokens = rows * config.history;
  const pool = noisePool(tokens * config.width, random.fork('noise'));
  return {
    items,
    stepsPerEpoch: feed.stepsPerEpoch,
    frozen: trunk.weights,
    build: () => lessonGraph(options),
    batchAt(step) {
      const { targets, ...feeds } = feed.batchAt(step).feeds;
      const own = random.fork(`noise ${step}`);
      const noise = pool.cut(tokens * config.width, own);
      const wanted = scaledRows(targets as Int32Array, items);
      const time = Float32Array.from({ length: tokens }, () => 1 + own.int(NOISE_STEPS));
      const told = Float32Array.from({ length: tokens }, () => (own.next() < WITHHELD ? 0 : 1));
      const at = { schedule: ITEM_NOISE, time };
      const noisy = { time, told, wanted, noisyWanted: noisedRows(wanted, noise, at) };
      if (objective === 'dreamrec') return { feeds: { ...feeds, ...noisy } };
      const unwanted = centroids(tokens, items, own);
      return {
        feeds: { ...feeds, ...noisy, unwanted, noisyUnwanted: noisedRows(unwanted, noise, at) },
      };
    },
  };
}

function lessonGraph({ trunk: { config }, objective, rows }: ItemLessonOptions): Graph {
  const graph = new Graph();
  const [tokens, size] = [rows * config.history, config.width];
  const states = trunkStates(graph, config, { rows, length: config.history }, true);
  const told = graph.input('told', [tokens, 1]);
  const condition = toldOrNothing(graph, mul(l2Normalise(states), Math.sqrt(size)), told);
  const time = graph.input('time', [tokens]);
  const weights = graph.input('weights', [tokens]);
  const vectors = (name: string) => graph.input(name, [tokens, size]);
  const restored = (x: Tensor) => itemDenoiser({ x, time, condition }, config.dropout);
  const wanted = { clean: vectors('wanted'), restored: restored(vectors('noisyWanted')) };
  if (objective === 'dreamrec') {
    graph.output('loss', weightedMean(squaredErrors(wanted.clean, wanted.restored), weights));
    return graph;
  }
  const errors = {
    wanted: cosineErrors(wanted.clean, wanted.restored),
    unwanted: cosineErrors(vectors('unwanted'), restored(vectors('noisyUnwanted'))),
  };
  graph.output('loss', preferenceLoss(errors, weights));
  return graph;
}

/** Item vectors of about unit variance per number: √size · ê. */
function scaledRows(targets: Int32Array, { rows, size }: UnitItems): Float32Array {
  const out = new Float32Array(targets.length * size);
  const scale = Math.sqrt(size);
  targets.forEach((item, i) => {
    for (let c = 0; c < size; c++) out[i * size + c] = scale * (rows[item * size + c] as number);
  });
  return out;
}

/** The mean of some random items' vectors for each token. */
function centroids(tokens: number, { rows, size, itemCount }: UnitItems, random: Random): Float32Array {
  const out = new Float32Array(tokens * size);
  const scale = Math.sqrt(size) / NEGATIVES;
  for (let token = 0; token < tokens; token++) {
    for (let n = 0; n < NEGATIVES; n++) {
      const from = random.int(itemCount) * size;
      for (let c = 0; c < size; c++) {
        const at = token * size + c;
        out[at] = (out[at] as number) + scale * (rows[from + c] as number);
      }
    }
  }
  return out;
}
