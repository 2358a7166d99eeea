import { DomainError } from '../errors.js';
import type { Compute, Values } from '../graph/compute.js';
import { fit } from '../graph/fit.js';
import { Graph } from '../graph/graph.js';
import { type Batch, createTrainer } from '../graph/trainer.js';
import { type Random, seededRandom } from '../random.js';
import { assertHealthyCodes, codeHealth, CollapsedCodesError } from '../semantic-ids/code-health.js';
import { type ItemSpace, itemSpace } from '../semantic-ids/item-space.js';
import type { SemanticIds } from '../semantic-ids/residual-kmeans.js';
import { tokenCentroids } from '../semantic-ids/token-centroids.js';
import {
  isLearned,
  isParallel,
  learnTokenizer,
  semanticLevels,
  tokenize,
  type Tokenizer,
  type TokenizerName,
} from '../semantic-ids/tokenizer.js';
import { buildTrie, type Trie } from '../semantic-ids/trie.js';
import { betterWeights } from './better-weights.js';
import { allowedFeeds, digitFeeds } from './code-feeds.js';
import type { CodeModel, CodeScorer } from './code-model.js';
import { codeScorer } from './code-scorer.js';
import { codeTrunkStates } from './code-trunk.js';
import { type Decoding, decodingOf } from './decoding-rule.js';
import { codeLoss, type DecoderConfig } from './depth-decoder.js';
import { contextsOf } from './history-context.js';
import { holdOut, type Lesson } from './hold-out.js';
import type { RankingData, RankingPart } from './part.js';
import type { RankerRecipe } from './recipe.js';
import { mixedGoals } from './mixed-goals.js';
import type { CodeStudent } from './served-codes.js';
import { stopAfter } from './stop-after.js';
import { epochBatches } from './training-batches.js';
import type { TrainingOptions } from './training.js';
import { rowsFor, trunkConfigFor, type TrunkData } from './trunk-config.js';
import type { TrunkConfig } from './trunk.js';
import { validateScores } from './validate-part.js';
import { warmCodes, warmItems } from './warm-start.js';

/** Codes of a catalogue and what is needed to give codes to items that come later. */
export interface CodedCatalogue {
  readonly space: ItemSpace;
  readonly tokenizer: Tokenizer;
  readonly ids: SemanticIds;
  readonly trie: Trie;
}

export interface CodesPart extends RankingPart {
  readonly catalogue: CodedCatalogue;
  readonly model: CodeModel;
  /** A narrower decoder that answers in its stead. */
  readonly student?: CodeStudent;
  /** N@10 on the held-out people. */
  readonly validation: number;
  /** The same of the weights it started from; null for a fresh start. */
  readonly startScore: number | null;
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
  /** Chosen by the health of its codes when left out, see `codeCatalogue`. */
  readonly tokenizer?: TokenizerName;
  /** By rule from the size when left out. */
  readonly decoding?: Decoding;
  /** A narrow decoder is taught what the trained one answers, and serves where nothing is lost. */
  readonly distil?: boolean;
}

/** A trained trunk to start from: the codes then need a few epochs only. */
export interface StartTrunk {
  readonly config: TrunkConfig;
  readonly weights: Values;
}

/** Codes that were given, and a decoder of them that was trained: what is left is to fit it to the change. */
export interface StartCodes {
  readonly catalogue: CodedCatalogue;
  readonly weights: Values;
}

export function codeRecipeFor(data: TrunkData, choices: RankerRecipe = {}): CodeRecipe {
  const config = trunkConfigFor(data, choices);
  const decoding = decodingOf(choices);
  return {
    config,
    ...(decoding && { decoding }),
    ...(isDistilled(choices) && { distil: true }),
    rows: rowsFor(data, config.history),
    learningRate: 2e-3,
    weightDecay: 0,
    emaDecay: 0.99,
    temperature: 0.07,
    maxEpochs: 60,
    patience: 4,
    isWarm: true,
    ...(choices.tokenizer && { tokenizer: choices.tokenizer }),
  };
}

function isDistilled({ distil, tokenizer }: RankerRecipe): boolean {
  if (distil === 'on' && tokenizer === 'product') {
    const message = 'distil: a tokenizer whose codes are decoded digit after digit was wanted, product came';
    throw new DomainError('INVALID_INPUT', message, { path: ['recipe'] });
  }
  return distil === 'on';
}

/**
 * Gives every item its semantic id; refuses collapsed codes. Without a tokenizer asked for, codes that would collapse as plain residuals
 * are balanced: on MovieLens-100K one centroid of the third level may draw most of what is left (entropy 0.32 or 0.73 by the seed, balanced
 * 0.99).
 */
export function codeCatalogue(
  data: RankingData,
  random: Random,
  { space: known, tokenizer: asked }: { space?: ItemSpace; tokenizer?: TokenizerName | undefined } = {},
): CodedCatalogue {
  const space = known ?? itemSpace(data, random.fork('space'));
  const coded = (kind: TokenizerName): CodedCatalogue => {
    const tokenizer = learnTokenizer(kind, { space, texts: data.titles }, random.fork('books'));
    const order = byPopularity(data);
    return codedWith(
      { space, tokenizer },
      tokenize(tokenizer, { vectors: space.vectors, texts: data.titles, order }),
    );
  };
  if (asked !== undefined) return coded(asked);
  try {
    return coded('residual');
  } catch (error) {
    if (error instanceof CollapsedCodesError) return coded('collaborative');
    throw error;
  }
}

/** A catalogue with these codes; refuses learned codes that have collapsed. */
export function codedWith(
  { space, tokenizer }: Pick<CodedCatalogue, 'space' | 'tokenizer'>,
  ids: SemanticIds,
): CodedCatalogue {
  if (isLearned(tokenizer)) assertHealthyCodes(codeHealth(ids, semanticLevels(tokenizer, ids)));
  return { space, tokenizer, ids, trie: buildTrie(ids) };
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
  const lesson = lessonOf(data, options);
  const known = { tokenizer: recipe.tokenizer, ...(options.space && { space: options.space }) };
  const catalogue =
    options.start?.catalogue ?? codeCatalogue({ ...data, sequences: lesson.sequences }, random, known);
  const decoder = decoderOf(recipe, catalogue);
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
      options.start?.weights ??
      startOf(recipe, catalogue, { trunk: options.trunk, random: random.fork('start') }),
  });
  const modelOf = (weights: CodeModel['weights']): CodeModel => ({ config: recipe.config, decoder, weights });
  const validate = (weights: Values) => validateModel(compute, modelOf(weights), catalogue, lesson);
  try {
    const fitted = await fit(trainer, {
      batchAt: feed.batchAt,
      steps: (options.maxEpochs ?? recipe.maxEpochs) * feed.stepsPerEpoch,
      validateEvery: feed.stepsPerEpoch,
      patience: recipe.patience,
      validate,
      onProgress: (progress) => stop.onProgress(progress, feed.stepsPerEpoch),
      signal: stop.signal,
    });
    stop.throwIfAsked();
    const result = await betterWeights(fitted, options.start, validate);
    const model = modelOf(result.weights);
    const scorer = await servingScorer(compute, { model, catalogue, recipe, data });
    const validation = result.score ?? 0;
    return {
      name: 'codes',
      catalogue,
      model,
      validation,
      startScore: result.startScore,
      epochs: result.bestStep / Math.max(1, feed.stepsPerEpoch),
      ...scorer,
    };
  } finally {
    await trainer.dispose();
  }
}

/** The same people are held out for the decoder and for what is distilled from it. */
export function lessonOf(data: RankingData, { seed, validation }: TrainingOptions): Lesson {
  const random = seededRandom(seed).fork('codes').fork('held out');
  return holdOut(data.sequences, validation, random, contextsOf(data));
}

interface Served {
  readonly model: CodeModel;
  readonly catalogue: CodedCatalogue;
  readonly recipe: CodeRecipe;
  readonly data: RankingData;
}

/** Scores as the recipe's decoding gives them; drafts are what most people like, since nothing but the data is there yet. */
export function servingScorer(
  compute: Pick<Compute, 'compile'>,
  { model, catalogue, recipe: { decoding }, data }: Served,
): Promise<CodeScorer> {
  const popular = byPopularity(data);
  return codeScorer(compute, model, { ...catalogue, decoding, drafter: () => Promise.resolve(popular) });
}

/** A trained trunk of the same shape, else items where content and behaviour put them; codes as their centroids. */
function startOf(
  { isWarm, config }: CodeRecipe,
  catalogue: CodedCatalogue,
  { trunk, random }: { trunk: StartTrunk | undefined; random: Random },
): Values {
  const centroids = tokenCentroids(catalogue.tokenizer, catalogue);
  const fits = trunk !== undefined && JSON.stringify(trunk.config) === JSON.stringify(config);
  return {
    ...(isWarm && warmItems(catalogue.space, config.width, random)),
    ...(isWarm && warmCodes({ ...catalogue, centroids }, config.width, random)),
    ...(fits && trunk.weights),
  };
}

function decoderOf({ config, temperature }: CodeRecipe, { ids, tokenizer }: CodedCatalogue): DecoderConfig {
  const heads = isParallel(tokenizer) ? { isParallel: true } : {};
  return { width: config.width, radix: ids.radix, temperature, dropout: config.dropout, ...heads };
}

function trainingGraph({ config, rows }: CodeRecipe, decoder: DecoderConfig): Graph {
  const graph = new Graph();
  const shape = { rows, length: config.history };
  const states = codeTrunkStates(graph, { config, radix: decoder.radix }, shape, true);
  graph.output('loss', codeLoss(graph, states, decoder));
  return graph;
}

export function codeFeed(
  lesson: Lesson,
  { recipe, catalogue }: { recipe: CodeRecipe; catalogue: CodedCatalogue },
  random: Random,
): { stepsPerEpoch: number; batchAt: (step: number) => Batch } {
  const { ids, trie } = catalogue;
  const shape = { rows: recipe.rows, length: recipe.config.history };
  const draw = (epoch: number) =>
    epochBatches(lesson.sequences, shape, random.fork(`epoch ${epoch}`), lesson.contexts);
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
      const context = mixedGoals(batch.context, random.fork(`goals ${step}`));
      const feeds = { ...context, ...digitFeeds('digit', items, ids), ...digitFeeds('target', targets, ids) };
      const allowed = isParallel(catalogue.tokenizer) ? {} : allowedFeeds(targets, ids, trie);
      return { feeds: { ...feeds, ...allowed, items, positions, segments, weights } };
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
    return await validateScores((histories, contexts) => scorer.score(histories, contexts), questions);
  } finally {
    await scorer.dispose();
  }
}

/** Popular items choose their code first, so that among items that share one the likeliest has digit 0. */
export function byPopularity({ itemCount, sequences }: RankingData): Int32Array {
  const support = new Int32Array(itemCount);
  for (const s of sequences) for (const item of s) support[item] = (support[item] as number) + 1;
  return Int32Array.from(support.keys()).sort(
    (a, b) => (support[b] as number) - (support[a] as number) || a - b,
  );
}
