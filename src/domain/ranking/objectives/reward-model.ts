import type { Values } from '../../graph/compute.js';
import { fit } from '../../graph/fit.js';
import { Graph, type Tensor } from '../../graph/graph.js';
import { add, mul, sub } from '../../graph/ops/elementwise.js';
import { neg, softplus } from '../../graph/ops/functions.js';
import { gatherRows } from '../../graph/ops/indexing.js';
import { matmul } from '../../graph/ops/matmul.js';
import { weightedMean } from '../../graph/ops/cross-entropy.js';
import { reduceSum } from '../../graph/ops/reducing.js';
import { reshape } from '../../graph/ops/shaping.js';
import { createTrainer } from '../../graph/trainer.js';
import { shuffled } from '../../random.js';
import { trunkItems } from '../trunk-items.js';
import { type Asked, askedAfter, type TuningLesson } from './lesson.js';
import { heldOutPeople } from './preference-accuracy.js';
import type { Preference } from './preference.js';
import { readStates } from './read-states.js';

/** How much people like items after histories; what a policy is tuned to raise. */
export interface RewardModel {
  /** One row per history: the reward of each item of its slate. */
  rewards(asked: readonly Asked[], slates: readonly Int32Array[]): Promise<Float32Array[]>;
  /** Share of held-out pairs it puts in the right order; null where too few people chose anything. */
  readonly accuracy: number | null;
}

/** Dimensions of taste: the model is small on purpose, since it sees a hundredth of what the trunk saw. */
const RANK = 16;
/** Preferences it learns from; each is a history that the trunk has to read. */
const MOST_PREFERENCES = 4096;
const PAIRS = 256;
const EPOCHS = 30;
const PATIENCE = 4;

/**
 * r(s, i) = (s A) · (e_i B) / √rank + b_i over the frozen trunk's state and item vectors, taught by Bradley-Terry on what was chosen
 * against what was passed over (Christiano et al. 2017, eq. 1): -log σ(r(s, chosen) - r(s, rejected)).
 */
export async function trainRewardModel(
  lesson: TuningLesson,
  preferences: readonly Preference[],
  { seed, signal }: { readonly seed: number; readonly signal?: AbortSignal },
): Promise<RewardModel> {
  const { config, compute, random } = lesson;
  const units = trunkItems(lesson).rows;
  const { learned, heldOut } = heldOutPeople(preferences, random.fork('reward, held out'));
  const lessons = shuffled(learned, random.fork('reward, learned')).slice(0, MOST_PREFERENCES);
  const pairs = await pairsOf(lesson, lessons);
  const judges = await pairsOf(lesson, heldOut);
  const sizes = { width: config.width, itemCount: config.itemCount };
  const trainer = createTrainer(compute, {
    build: () => rewardGraph(sizes),
    optimiser: { learningRate: 5e-3, weightDecay: 0.01 },
    seed,
    trainable: (name) => name !== UNITS,
    initial: { [UNITS]: units },
  });
  const stepsPerEpoch = Math.max(1, Math.ceil(pairs.length / PAIRS));
  const orders = Array.from({ length: EPOCHS }, (_, epoch) =>
    shuffled(pairs, random.fork(`reward ${epoch}`)),
  );
  const accuracyOf = (weights: Values) => pairAccuracy(scorerOf(weights, sizes), judges);
  try {
    const { weights, score: accuracy } = await fit(trainer, {
      batchAt(step) {
        const own = orders[Math.floor(step / stepsPerEpoch)] ?? pairs;
        const at = (step % stepsPerEpoch) * PAIRS;
        return { feeds: pairFeeds(own.slice(at, at + PAIRS), config.width) };
      },
      steps: EPOCHS * stepsPerEpoch,
      patience: PATIENCE,
      ...(signal && { signal }),
      validateEvery: stepsPerEpoch,
      ...(judges.length > 0 && { validate: (now: Values) => Promise.resolve(accuracyOf(now)) }),
    });
    const likingOf = scorerOf(weights, sizes);
    return {
      accuracy,
      async rewards(asked, slates) {
        const states = await readStates(lesson, lesson.weights, asked);
        return slates.map((slate, i) =>
          Float32Array.from(slate, likingOf(states.subarray(i * config.width, (i + 1) * config.width))),
        );
      },
    };
  } finally {
    await trainer.dispose();
  }
}

const UNITS = 'unitItems';

interface Sizes {
  readonly width: number;
  readonly itemCount: number;
}

interface Pair {
  readonly state: Float32Array;
  readonly chosen: number;
  readonly rejected: number;
}

async function pairsOf(lesson: TuningLesson, preferences: readonly Preference[]): Promise<Pair[]> {
  const { width } = lesson.config;
  const states = await readStates(
    lesson,
    lesson.weights,
    preferences.map((preference) => askedAfter(lesson, preference)),
  );
  return preferences.flatMap(({ chosen, rejected }, i) => {
    const state = states.subarray(i * width, (i + 1) * width);
    return Array.from(rejected, (item) => ({ state, chosen, rejected: item }));
  });
}

function pairFeeds(pairs: readonly Pair[], width: number): Values {
  const state = new Float32Array(PAIRS * width);
  const [chosen, rejected] = [new Int32Array(PAIRS), new Int32Array(PAIRS)];
  pairs.forEach((pair, i) => {
    state.set(pair.state, i * width);
    chosen[i] = pair.chosen;
    rejected[i] = pair.rejected;
  });
  return { state, chosen, rejected, weights: new Float32Array(PAIRS).fill(1, 0, pairs.length) };
}

function rewardGraph({ width, itemCount }: Sizes): Graph {
  const graph = new Graph();
  const matrix = (name: string) =>
    graph.parameter(name, [width, RANK], { kind: 'normal', std: 1 / Math.sqrt(width) });
  const units = graph.parameter(UNITS, [itemCount, width], { kind: 'zeros' });
  const liking = graph.parameter('bias', [itemCount, 1], { kind: 'zeros' });
  const taste = matmul(graph.input('state', [PAIRS, width]), matrix('A')); // (pairs, rank)
  const items = matrix('B');
  const reward = (name: string): Tensor => {
    const item = graph.input(name, [PAIRS], 'i64');
    const fit = reduceSum(mul(taste, matmul(gatherRows(units, item), items)), { axes: [1] });
    return add(mul(fit, 1 / Math.sqrt(RANK)), reshape(gatherRows(liking, item), [PAIRS])); // (pairs)
  };
  const margin = sub(reward('chosen'), reward('rejected'));
  graph.output('loss', weightedMean(softplus(neg(margin)), graph.input('weights', [PAIRS])));
  return graph;
}

/** The same formula on plain numbers: slates are small and change with every round. */
function scorerOf(
  weights: Values,
  { width, itemCount }: Sizes,
): (state: Float32Array) => (item: number) => number {
  const [a, b, bias, units] = ['A', 'B', 'bias', UNITS].map((name) => weights[name] as Float32Array) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const items = new Float32Array(itemCount * RANK);
  for (let i = 0; i < itemCount; i++)
    items.set(times(units.subarray(i * width, (i + 1) * width), b), i * RANK);
  return (state) => {
    const taste = times(state, a);
    return (item) => {
      const fit = taste.reduce((sum, x, r) => sum + x * (items[item * RANK + r] as number), 0);
      return fit / Math.sqrt(RANK) + (bias[item] as number);
    };
  };
}

/** row (width) · matrix (width, rank). */
function times(row: Float32Array, matrix: Float32Array): Float32Array {
  const out = new Float32Array(RANK);
  row.forEach((x, d) => {
    for (let r = 0; r < RANK; r++) out[r] = (out[r] as number) + x * (matrix[d * RANK + r] as number);
  });
  return out;
}

function pairAccuracy(likingOf: ReturnType<typeof scorerOf>, pairs: readonly Pair[]): number {
  const right = pairs.filter(({ state, chosen, rejected }) => {
    const liking = likingOf(state);
    return liking(chosen) > liking(rejected);
  });
  return right.length / Math.max(1, pairs.length);
}
