import type { Compute, Values } from '../graph/compute.js';
import { fit, type FitResult } from '../graph/fit.js';
import { Graph } from '../graph/graph.js';
import { type Batch, createTrainer } from '../graph/trainer.js';
import { type Random, seededRandom } from '../random.js';
import { assertHealthyCodes, type CodeHealth, codeHealth } from '../semantic-ids/code-health.js';
import { type ItemSpace, itemSpace } from '../semantic-ids/item-space.js';
import {
  assignSemanticIds,
  type Codebooks,
  codesFor,
  type SemanticIds,
  trainCodebooks,
} from '../semantic-ids/residual-kmeans.js';
import { buildTrie, type Trie } from '../semantic-ids/trie.js';
import { betterWeights } from './better-weights.js';
import { allowedFeeds, digitFeeds } from './code-feeds.js';
import { type CodeModel, codeScorer, type CodeScorer } from './code-scorer.js';
import { codeTrunkStates } from './code-trunk.js';
import { codeLoss, type DecoderConfig } from './depth-decoder.js';
import { holdOut, type Lesson } from './hold-out.js';
import type { RankingData, RankingPart } from './part.js';
import type { RankerRecipe } from './recipe.js';
import { stopAfter } from './stop-after.js';
import { epochBatches } from './training-batches.js';
import type { TrainingOptions } from './training.js';
import { rowsFor, trunkConfigFor } from './trunk-config.js';
import type { TrunkConfig } from './trunk.js';
import { validateScores } from './validate-part.js';
import { warmCodes, warmItems } from './warm-start.js';

/** Codes of a catalogue and what is needed to give codes to items that come later. */
export interface CodedCatalogue {
  readonly space: ItemSpace;
  readonly books: Codebooks;
  readonly ids: SemanticIds;
  readonly trie: Trie;
  readonly health: CodeHealth;
}

export interface CodesPart extends RankingPart {
  readonly catalogue: CodedCatalogue;
  readonly model: CodeModel;
  /** N@10 on the held-out people. */
  readonly validation: number;
  readonly epochs: number;
  readonly search: CodeScorer['search'];
  dispose(): Promise<void>;
}

export interface CodeRecipe {
  readonly config: TrunkConfig;
  readonly rows: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly emaDecay: number;
  readonly temperature: number;
  readonly maxEpochs: number;
  readonly patience: number;
  /** Codes start as their centroids, instead of anywhere. */
  readonly isWarm: boolean;
}

/** A trained trunk to start from: the codes then need a few epochs only. */
export interface StartTrunk {
  readonly config: TrunkConfig;
  readonly weights: Values;
}

/** Trained codes to go on from: codes that were given keep their meaning, so nothing of the decoder is lost. */
export interface StartCodes {
  readonly model: CodeModel;
  readonly catalogue: CodedCatalogue;
}

export function codeRecipeFor(
  data: Pick<RankingData, 'itemCount' | 'sequences'>,
  choices: RankerRecipe = {},
): CodeRecipe {
  const config = trunkConfigFor(data, choices);
  return {
    config,
    rows: rowsFor(data, config.history),
    learningRate: 2e-3,
    weightDecay: 0,
    emaDecay: 0.99,
    temperature: 0.07,
    maxEpochs: 60,
    patience: 4,
    isWarm: true,
  };
}

/** Gives every item its semantic id from content and behaviour; refuses collapsed codes. */
export function codeCatalogue(data: RankingData, random: Random, known?: ItemSpace): CodedCatalogue {
  const space = known ?? itemSpace(data, random.fork('space'));
  const codes = codesFor(data.itemCount);
  const books = trainCodebooks(space.vectors, { size: space.size, codes, random: random.fork('books') });
  const ids = assignSemanticIds(books, space.vectors, byPopularity(data));
  const health = codeHealth(ids);
  assertHealthyCodes(health);
  return { space, books, ids, trie: buildTrie(ids), health };
}

/** Trains the generative ranker, a trunk that also reads codes and the depth decoder on its states, on every position. */
export async function trainCodes(
  data: RankingData,
  compute: Pick<Compute, 'compile'>,
  options: TrainingOptions & { readonly trunk?: StartTrunk; readonly start?: StartCodes },
  recipe: CodeRecipe = codeRecipeFor(data),
): Promise<CodesPart> {
  const stop = stopAfter(options, 'codes');
  const random = seededRandom(options.seed).fork('codes');
  const lesson = holdOut(data.sequences, options.validation, random.fork('held out'));
  const catalogue =
    options.start?.catalogue ??
    codeCatalogue({ ...data, sequences: lesson.sequences }, random, options.space);
  const decoder = options.start?.model.decoder ?? decoderOf(recipe, catalogue.ids);
  const feed = codeFeed(lesson, { recipe, catalogue }, random);
  const trainer = createTrainer(compute, {
    build: () => trainingGraph(recipe, decoder),
    optimiser: {
      learningRate: recipe.learningRate,
      weightDecay: recipe.weightDecay,
      emaDecay: recipe.emaDecay,
      warmupSteps: Math.min(100, feed.stepsPerEpoch),
    },
    seed: options.seed,
    initial:
      options.start?.model.weights ??
      startOf(recipe, catalogue, { trunk: options.trunk, random: random.fork('start') }),
  });
  const modelOf = (weights: CodeModel['weights']): CodeModel => ({ config: recipe.config, decoder, weights });
  try {
    const fitted = await fit(trainer, {
      batchAt: feed.batchAt,
      steps: (options.maxEpochs ?? recipe.maxEpochs) * feed.stepsPerEpoch,
      validateEvery: feed.stepsPerEpoch,
      patience: recipe.patience,
      validate: (weights) => validateModel(compute, modelOf(weights), catalogue, lesson),
      onProgress: (progress) => stop.onProgress(progress, feed.stepsPerEpoch),
      signal: stop.signal,
    });
    stop.throwIfAsked();
    const result = await orStart(compute, fitted, { start: options.start, lesson });
    const model = modelOf(result.weights);
    const scorer = await codeScorer(compute, model, catalogue);
    const validation = result.score ?? 0;
    return {
      name: 'codes',
      catalogue,
      model,
      validation,
      epochs: result.bestStep / feed.stepsPerEpoch,
      ...scorer,
    };
  } finally {
    await trainer.dispose();
  }
}

async function orStart(
  compute: Pick<Compute, 'compile'>,
  fitted: FitResult,
  { start, lesson }: { start: StartCodes | undefined; lesson: Lesson },
) {
  if (start === undefined) return fitted;
  const score = await validateModel(compute, start.model, start.catalogue, lesson);
  return betterWeights(fitted, { weights: start.model.weights, score });
}

/** A trained trunk of the same shape, else items where content and behaviour put them; codes as their centroids. */
function startOf(
  { isWarm, config }: CodeRecipe,
  catalogue: CodedCatalogue,
  { trunk, random }: { trunk: StartTrunk | undefined; random: Random },
): Values {
  const fits = trunk !== undefined && JSON.stringify(trunk.config) === JSON.stringify(config);
  return {
    ...(isWarm && warmItems(catalogue.space, config.width, random)),
    ...(isWarm && warmCodes(catalogue, config.width, random)),
    ...(fits && trunk.weights),
  };
}

function decoderOf({ config, temperature }: CodeRecipe, { radix }: SemanticIds): DecoderConfig {
  return { width: config.width, radix, temperature, dropout: config.dropout };
}

function trainingGraph({ config, rows }: CodeRecipe, decoder: DecoderConfig): Graph {
  const graph = new Graph();
  const shape = { rows, length: config.history };
  const states = codeTrunkStates(graph, { config, radix: decoder.radix }, shape, true);
  graph.output('loss', codeLoss(graph, states, decoder));
  return graph;
}

function codeFeed(
  lesson: Lesson,
  { recipe, catalogue }: { recipe: CodeRecipe; catalogue: CodedCatalogue },
  random: Random,
): { stepsPerEpoch: number; batchAt: (step: number) => Batch } {
  const { ids, trie } = catalogue;
  const shape = { rows: recipe.rows, length: recipe.config.history };
  const draw = (epoch: number) => epochBatches(lesson.sequences, shape, random.fork(`epoch ${epoch}`));
  let [epoch, batches] = [0, draw(0)];
  const stepsPerEpoch = batches.length;
  return {
    stepsPerEpoch,
    batchAt(step) {
      const wanted = Math.floor(step / stepsPerEpoch);
      if (wanted !== epoch) [epoch, batches] = [wanted, draw(wanted)];
      const batch = batches[(step % stepsPerEpoch) % batches.length];
      if (!batch) throw new Error('there is nothing to train on');
      const { items, positions, segments, weights, targets } = batch;
      const feeds = { ...digitFeeds('digit', items, ids), ...digitFeeds('target', targets, ids) };
      return {
        feeds: { ...feeds, ...allowedFeeds(targets, ids, trie), items, positions, segments, weights },
      };
    },
  };
}

async function validateModel(
  compute: Pick<Compute, 'compile'>,
  model: CodeModel,
  catalogue: CodedCatalogue,
  { questions }: Lesson,
): Promise<number> {
  const scorer = await codeScorer(compute, model, catalogue);
  try {
    return await validateScores((histories) => scorer.score(histories), questions);
  } finally {
    await scorer.dispose();
  }
}

/** Popular items choose their code first, so that among items that share one the likeliest has digit 0. */
function byPopularity({ itemCount, sequences }: RankingData): Int32Array {
  const support = new Int32Array(itemCount);
  for (const s of sequences) for (const item of s) support[item] = (support[item] as number) + 1;
  return Int32Array.from(support.keys()).sort(
    (a, b) => (support[b] as number) - (support[a] as number) || a - b,
  );
}
