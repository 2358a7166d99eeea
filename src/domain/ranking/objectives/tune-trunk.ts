import type { Compute, Values } from '../../graph/compute.js';
import { fit, type Progress } from '../../graph/fit.js';
import { Graph, type Tensor } from '../../graph/graph.js';
import { type Batch, createTrainer, type Trainer, type TrainingPlan } from '../../graph/trainer.js';
import { trunkScorer } from '../trunk-scorer.js';
import { type RowShape, trunkStates, type TrunkConfig } from '../trunk.js';
import { isWorse, type Judgement, judgeTrunk, type Jury, type TrunkFigures } from './judge-trunk.js';
import {
  adapterBases,
  addAdapters,
  foldAdapters,
  tunedParameters,
  type TuningExtent,
} from './tuned-parameters.js';

/** What a second stage teaches a trained trunk: the shared loop knows batches, a loss and, where quality is not all, a goal. */
export interface Objective {
  readonly shape: RowShape;
  /** Preferences and policies compare two models, so neither may be noisy; the others learn with dropout as the first stage did. */
  readonly hasDropout: boolean;
  /** Adds its inputs, measures and the scalar loss to a graph whose states are given. */
  loss(graph: Graph, states: Tensor): Tensor;
  /** The batches of a round, for which it may ask what the weights of now would answer. */
  round(index: number, weights: () => Values): Promise<readonly Values[]>;
  /** What is wanted beside quality, higher is better, on held-out data; N@10 itself when left out. */
  goal?(weights: Values, figures: TrunkFigures): Promise<number>;
}

export interface TuningOptions {
  readonly compute: Pick<Compute, 'compile'>;
  readonly extent: TuningExtent;
  readonly jury: Jury;
  readonly seed: number;
  readonly learningRate: number;
  readonly rounds: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress, stepsPerRound: number) => void;
}

/** A trained trunk as the loop needs it. */
export interface TunableTrunk {
  readonly config: TrunkConfig;
  readonly weights: Values;
}

export interface TuningRound extends TrunkFigures {
  readonly loss: number;
  readonly goal: number | null;
  /** Means of the loss's own measures over the round, e.g. margin, reward, divergence. */
  readonly measures: Readonly<Record<string, number>>;
}

export interface Tuned {
  /** The tuned weights, or the old ones where tuning did not help. */
  readonly weights: Values;
  readonly isKept: boolean;
  readonly before: TrunkFigures & { readonly goal: number | null };
  readonly after: TrunkFigures & { readonly goal: number | null };
  readonly rounds: readonly TuningRound[];
}

/** Rounds without a better one before it ends. */
const PATIENCE = 3;
/** Added to the score of weights that answer no worse than the old ones: any of them beats all others. */
const ALLOWED = 1000;

/**
 * The one loop behind every objective: rounds of batches, N@10 on held-out people after each, the best round wins. A round whose
 * N@10 is lower than the start's by more than noise cannot win; where none can, the trunk stays as it was.
 */
export async function tuneTrunk(
  trunk: TunableTrunk,
  objective: Objective,
  options: TuningOptions,
): Promise<Tuned> {
  const { compute, jury } = options;
  const judge = (weights: Values) => judged({ compute, config: trunk.config, jury, objective }, weights);
  const start = await judge(trunk.weights);
  const rounds: TuningRound[] = [];
  const trainer = createTrainer(compute, tuningPlan(trunk, objective, options));
  const current = () => foldAdapters(trainer.weights());
  const feed = await roundFeed(objective, current);
  const tally = measureTally();
  let seen = start;
  try {
    const result = await fit(trainer, {
      batchAt: feed.batchAt,
      steps: options.rounds * feed.stepsPerRound,
      validateEvery: feed.stepsPerRound,
      patience: PATIENCE,
      async validate(weights) {
        seen = await judge(foldAdapters(weights));
        return scoreOf(seen, start);
      },
      onProgress(progress) {
        tally.add(progress);
        if (progress.score !== undefined) rounds.push({ ...seen.figures, goal: seen.goal, ...tally.take() });
        options.onProgress?.(progress, feed.stepsPerRound);
      },
      ...(options.signal && { signal: options.signal }),
    });
    return await chosen(trunk, start, { ...result, weights: foldAdapters(result.weights), rounds, judge });
  } finally {
    await trainer.dispose();
  }
}

function tuningPlan(
  { config, weights }: TunableTrunk,
  objective: Objective,
  { extent, seed, learningRate }: TuningOptions,
): TrainingPlan {
  return {
    build() {
      const graph = new Graph();
      const states = trunkStates(graph, config, objective.shape, objective.hasDropout);
      const loss = objective.loss(graph, states);
      graph.output('loss', loss);
      if (extent === 'low-rank') addAdapters(graph);
      return graph;
    },
    optimiser: { learningRate, warmupSteps: 10, emaDecay: 0.95, clipNorm: 5 },
    seed,
    trainable: tunedParameters(extent, config.blocks),
    initial: { ...weights, ...(extent === 'low-rank' && adapterBases(weights)) },
  };
}

/** Batches as `fit` asks for them; every round is made when its first step comes, from the weights of that moment. */
async function roundFeed(
  objective: Objective,
  weights: () => Values,
): Promise<{ stepsPerRound: number; batchAt: (step: number) => Promise<Batch> }> {
  let [round, batches] = [0, await objective.round(0, weights)];
  const stepsPerRound = Math.max(1, batches.length);
  return {
    stepsPerRound,
    async batchAt(step) {
      const wanted = Math.floor(step / stepsPerRound);
      if (wanted !== round) [round, batches] = [wanted, await objective.round(wanted, weights)];
      return { feeds: batches[(step % stepsPerRound) % batches.length] as Values };
    },
  };
}

interface Judged extends Judgement {
  readonly goal: number | null;
}

interface Court {
  readonly compute: Pick<Compute, 'compile'>;
  readonly config: TrunkConfig;
  readonly jury: Jury;
  readonly objective: Objective;
}

async function judged({ compute, config, jury, objective }: Court, weights: Values): Promise<Judged> {
  const scorer = trunkScorer(compute, config, weights);
  try {
    const judgement = await judgeTrunk((histories, contexts) => scorer.score(histories, contexts), jury);
    return { ...judgement, goal: (await objective.goal?.(weights, judgement.figures)) ?? null };
  } finally {
    await scorer.dispose();
  }
}

function scoreOf(now: Judged, start: Judged): number {
  if (isWorse(now, start)) return now.figures.N10;
  return ALLOWED + (now.goal ?? now.figures.N10);
}

interface Found {
  readonly weights: Values;
  readonly score: number | null;
  readonly rounds: readonly TuningRound[];
  readonly judge: (weights: Values) => Promise<Judged>;
}

/** The best round, if it beats the start in what is wanted and is no worse in quality. */
async function chosen(
  { weights: old }: TunableTrunk,
  start: Judged,
  { weights, score, rounds, judge }: Found,
): Promise<Tuned> {
  const before = { ...start.figures, goal: start.goal };
  const wanted = ALLOWED + (start.goal ?? start.figures.N10);
  if (score === null || score <= wanted)
    return { weights: old, isKept: false, before, after: before, rounds };
  const best = await judge(weights);
  return { weights, isKept: true, before, after: { ...best.figures, goal: best.goal }, rounds };
}

/** Means of loss and measures over the steps of a round. */
function measureTally() {
  let sums: Record<string, number> = {};
  let steps = 0;
  return {
    add({ loss, measures }: Pick<Awaited<ReturnType<Trainer['train']>>, 'loss' | 'measures'>): void {
      steps++;
      sums['loss'] = (sums['loss'] ?? 0) + loss;
      for (const [name, values] of Object.entries(measures))
        if (values.length === 1) sums[name] = (sums[name] ?? 0) + (values[0] as number);
    },
    take(): Pick<TuningRound, 'loss' | 'measures'> {
      const means = Object.entries(sums).map(([name, sum]) => [name, sum / steps] as const);
      const { loss = NaN, ...measures } = Object.fromEntries(means);
      [sums, steps] = [{}, 0];
      return { loss, measures };
    },
  };
}
