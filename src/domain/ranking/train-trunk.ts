import type { Compute, Values } from '../graph/compute.js';
import { fit } from '../graph/fit.js';
import { Graph } from '../graph/graph.js';
import { type Batch, createTrainer } from '../graph/trainer.js';
import { type Random, seededRandom } from '../random.js';
import { itemSpace } from '../semantic-ids/item-space.js';
import { betterWeights } from './better-weights.js';
import { contextsOf } from './history-context.js';
import { holdOut, type Lesson } from './hold-out.js';
import { mixedGoals } from './mixed-goals.js';
import type { RankingData, RankingPart } from './part.js';
import type { RankerRecipe } from './recipe.js';
import { sampleCandidates, targetShares } from './sampled-candidates.js';
import { stopAfter } from './stop-after.js';
import { rowsFor, trunkConfigFor, type TrunkData } from './trunk-config.js';
import { progressiveLoss } from './progressive-loss.js';
import { trunkScorer } from './trunk-scorer.js';
import { trunkThoughts, type TrunkConfig } from './trunk.js';
import { epochBatches, type TrainingBatch } from './training-batches.js';
import type { TrainingOptions } from './training.js';
import { validateScores } from './validate-part.js';
import { warmItems } from './warm-start.js';

export interface TrunkPart extends RankingPart {
  readonly config: TrunkConfig;
  readonly weights: Values;
  /** N@10 on the held-out people. */
  readonly validation: number;
  readonly epochs: number;
  dispose(): Promise<void>;
}

/** How the trunk learns; by rule, so that no data set is named. */
export interface TrunkRecipe {
  readonly config: TrunkConfig;
  /** Tokens of a step: rows x length. */
  readonly rows: number;
  /** Items in the sampled softmax; 0 = all. */
  readonly candidates: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly emaDecay: number;
  readonly maxEpochs: number;
  readonly patience: number;
  /** Every step of thinking has to find the next item, not the answer alone. */
  readonly isTaughtByStep: boolean;
  /** Items start where content and behaviour put them, instead of anywhere. */
  readonly isWarm: boolean;
}

/** Catalogues up to this size get the full softmax: it costs no more than the rest of the step. */
const FULL_SOFTMAX = 5000;
const FEWEST_CANDIDATES = 2048;

/** At least twice the tokens, so that all targets fit; 0 (everything) where that would be half the catalogue. */
export function candidatesFor(itemCount: number, tokens: number): number {
  const wanted = Math.max(FEWEST_CANDIDATES, 2 * tokens);
  return itemCount <= Math.max(FULL_SOFTMAX, 2 * wanted) ? 0 : wanted;
}

/**
 * Decay of the moving average of the weights. Sets of long histories take dozens of epochs of hundreds of steps: averaged over 1,000
 * steps the trunk of MovieLens-1M still gained at epoch 14 (validation N@10 0.169). Short ones peak within 8 epochs of 130.
 */
const [SHORT_AVERAGE, LONG_AVERAGE, LONG_HISTORY] = [0.99, 0.999, 200];

export function trunkRecipeFor(data: TrunkData, choices: RankerRecipe = {}): TrunkRecipe {
  const config = trunkConfigFor(data, choices);
  const rows = rowsFor(data, config.history);
  return {
    config,
    rows,
    candidates: candidatesFor(data.itemCount, rows * config.history),
    learningRate: 2e-3,
    weightDecay: 0,
    emaDecay: config.history >= LONG_HISTORY ? LONG_AVERAGE : SHORT_AVERAGE,
    maxEpochs: 60,
    patience: 4,
    isTaughtByStep: choices.reasoningLoss === 'progressive',
    isWarm: true,
  };
}

/** Trains the sequence trunk with next-item softmax on every position, and stops when held-out people no longer gain. */
export async function trainTrunk(
  data: RankingData,
  compute: Pick<Compute, 'compile'>,
  options: TrainingOptions & { readonly start?: Pick<TrunkPart, 'config' | 'weights'> },
  recipe: TrunkRecipe = trunkRecipeFor(data),
): Promise<TrunkPart> {
  const stop = stopAfter(options, 'trunk');
  const random = seededRandom(options.seed).fork('trunk');
  const lesson = holdOut(data.sequences, options.validation, random.fork('held out'), contextsOf(data));
  const spaceOf = () =>
    options.space ?? itemSpace({ ...data, sequences: lesson.sequences }, random.fork('space'));
  const { config } = recipe;
  const feed = batchFeed(lesson, recipe, random);
  const trainer = createTrainer(compute, {
    build: () => trainingGraph(recipe),
    optimiser: {
      learningRate: recipe.learningRate,
      weightDecay: recipe.weightDecay,
      emaDecay: recipe.emaDecay,
      warmupSteps: Math.min(100, feed.stepsPerEpoch),
    },
    seed: options.seed,
    ...(options.start
      ? { initial: options.start.weights }
      : recipe.isWarm && { initial: warmItems(spaceOf(), config.width, random.fork('start')) }),
  });
  const epochs = options.maxEpochs ?? recipe.maxEpochs;
  const validate = (weights: Values) => validateWeights(compute, config, weights, lesson);
  try {
    const fitted = await fit(trainer, {
      batchAt: feed.batchAt,
      steps: epochs * feed.stepsPerEpoch,
      validateEvery: feed.stepsPerEpoch,
      patience: recipe.patience,
      validate,
      onProgress: (progress) => stop.onProgress(progress, feed.stepsPerEpoch),
      signal: stop.signal,
    });
    stop.throwIfAsked();
    const result = await betterWeights(fitted, options.start, validate);
    const scorer = trunkScorer(compute, config, result.weights);
    return {
      name: 'trunk',
      config,
      weights: result.weights,
      validation: result.score ?? 0,
      epochs: result.bestStep / Math.max(1, feed.stepsPerEpoch),
      score: (histories, contexts) => scorer.score(histories, contexts),
      dispose: () => scorer.dispose(),
    };
  } finally {
    await trainer.dispose();
  }
}

function trainingGraph({ config, rows, candidates, isTaughtByStep }: TrunkRecipe): Graph {
  const graph = new Graph();
  const { states, thoughts } = trunkThoughts(graph, config, { rows, length: config.history });
  const taught = isTaughtByStep ? thoughts : [];
  graph.output('loss', progressiveLoss(graph, [...taught, states], { config, candidates }));
  return graph;
}

/** Batches as a function of the step alone: each epoch is drawn from its own stream, when its first step comes. */
export function batchFeed(
  lesson: Lesson,
  recipe: Pick<TrunkRecipe, 'config' | 'rows' | 'candidates'>,
  random: Random,
): { stepsPerEpoch: number; batchAt: (step: number) => Batch } {
  const { config, rows, candidates } = recipe;
  const shape = { rows, length: config.history };
  const draw = (epoch: number) =>
    epochBatches(lesson.sequences, shape, random.fork(`epoch ${epoch}`), lesson.contexts);
  const shares = targetShares(lesson.sequences, config.itemCount);
  let [epoch, batches] = [0, draw(0)];
  const stepsPerEpoch = batches.length;
  return {
    stepsPerEpoch,
    batchAt(step) {
      const wanted = Math.floor(step / stepsPerEpoch);
      if (wanted !== epoch) [epoch, batches] = [wanted, draw(wanted)];
      const batch = batches[(step % stepsPerEpoch) % batches.length] as TrainingBatch;
      const { items, positions, segments, weights, targets } = batch;
      const context = mixedGoals(batch.context, random.fork(`goals ${step}`));
      const base = { ...context, items, positions, segments, weights };
      if (candidates === 0) return { feeds: { ...base, targets } };
      return {
        feeds: { ...base, ...sampleCandidates(batch, { shares, count: candidates }, random.fork(`${step}`)) },
      };
    },
  };
}

async function validateWeights(
  compute: Pick<Compute, 'compile'>,
  config: TrunkConfig,
  weights: Values,
  { questions }: Lesson,
): Promise<number> {
  const scorer = trunkScorer(compute, config, weights);
  try {
    return await validateScores((histories, contexts) => scorer.score(histories, contexts), questions);
  } finally {
    await scorer.dispose();
  }
}
