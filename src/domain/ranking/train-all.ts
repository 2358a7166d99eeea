import { DomainError } from '../errors.js';
import type { Compute } from '../graph/compute.js';
import { type Random, seededRandom, shuffled } from '../random.js';
import { itemSpace } from '../semantic-ids/item-space.js';
import {
  chooseEase,
  chooseItemKnn,
  choosePopularity,
  type ChosenPopularity,
  type Exam,
} from './choose-settings.js';
import { beginTraining, type TrainingPlans } from './begin-training.js';
import { compareWithLive, type Rival, type RivalComparison } from './compare-with-live.js';
import { computeTileProduct } from './compute-tile-product.js';
import { type EaseModel, easePart, trainEase } from './ease.js';
import { evaluate, type ProtocolReport } from './evaluate.js';
import { type FittedFusion, fitFusions } from './fit-fusions.js';
import { itemKnnPart, trainItemKnn } from './item-knn.js';
import type { PartName, RankingData, RankingPart } from './part.js';
import { popularityPart, trainPopularity } from './popularity.js';
import { type Protocol, type ProtocolName, PROTOCOLS, type Split, splitData } from './protocols.js';
import type { RankerModel } from './ranker-artefact.js';
import type { RankerRecipe } from './recipe.js';
import { withoutRepeats, withRealTimes } from './ranking-data.js';
import type { StartModel } from './start-from.js';
import type { TileProduct } from './symmetric-inverse.js';
import { supportsOf } from './together-counts.js';
import { type CodesPart, trainCodes } from './train-codes.js';
import { trainTrunk, type TrunkPart } from './train-trunk.js';
import type { TrainingProgress } from './training.js';
import { beat, StoppedError, type Watch } from './watch.js';

export const TRAINING_STAGES = [
  'baselines',
  'ease',
  'trunk',
  'codes',
  'fusion',
  'evaluation',
  'refit',
] as const;
export type TrainingStage = (typeof TRAINING_STAGES)[number];

export interface TrainAllOptions {
  readonly seed: number;
  /** Wall-clock seconds for trunk and codes together; the closed-form parts and the evaluation come on top. */
  readonly budgetSeconds: number;
  /** Protocols over one split; fusion of the first is the one that is served. By rule from the data when left out. */
  readonly protocols?: readonly [ProtocolName, ...ProtocolName[]];
  /** What differs from the rule: parts, kind and size of the trunk, and so on. */
  readonly recipe?: RankerRecipe;
  /** What to go on from; a fresh start when left out. */
  readonly start?: StartModel;
  /** What is live now: it answers those test questions that it cannot know, beside the new model. */
  readonly rival?: Rival;
  /** Learn the closed-form parts again from everything once the test is answered: what is served should know the last events. */
  readonly refit?: boolean;
  /** Milliseconds; only differences count. */
  readonly now: () => number;
  readonly signal?: AbortSignal;
  /** Share of the stage done, 0..1. A promise is awaited, so that the event loop can breathe. */
  readonly onProgress?: (
    stage: TrainingStage,
    share: number,
    training?: TrainingProgress,
  ) => void | Promise<void>;
}

export interface TrainedAll {
  /** Everything that answers requests, as plain data; the caller adds item ids and a manifest. */
  readonly model: Omit<RankerModel, 'manifest' | 'itemIds'>;
  readonly reports: readonly ProtocolReport[];
  /** Fitted fusions, one per protocol, with their N@10 on validation. */
  readonly fusions: readonly FittedFusion[];
  /** Against `rival`; null without one, and where too few questions are new to it. */
  readonly comparison: RivalComparison | null;
  /** Parts that went on from the weights of `start`. */
  readonly started: readonly PartName[];
  /** Wall-clock seconds of each part, and of the other stages. */
  readonly seconds: Readonly<
    Partial<Record<PartName | 'fusion' | 'evaluation' | 'comparison' | 'refit', number>>
  >;
  /** Parts that were asked for and not trained, with the reason. */
  readonly skipped: Readonly<Partial<Record<PartName, string>>>;
}

/**
 * The one path from events to a judged ranker, for `train`, `evaluate` and the bench: split, train every part on the
 * training events alone, choose settings and fit the fusion on validation, answer the test once.
 */
export async function trainAll(
  source: RankingData,
  compute: Compute,
  options: TrainAllOptions,
): Promise<TrainedAll> {
  const tiles = computeTileProduct(compute);
  const run = trainingRun(source, options, tiles.product);
  const disposables: { dispose(): Promise<void> }[] = [tiles];
  try {
    const linear = await trainLinear(run);
    const begin = beginTraining(run.split.train, { ...options, times: run.times }, run.random);
    const { trunk, codes } = await trainSequences(run, { compute, begin, disposables });
    const parts: (RankingPart | null)[] = [
      popularityPart(linear.popularity),
      itemKnnPart(linear.itemknn),
      linear.ease && easePart(linear.ease),
      trunk,
      codes,
    ];
    const trained = parts.filter((part) => part !== null);
    const { fusions, reports } = await judge(run, trained);
    const comparison = await compare(run, trained, fusions[0] as FittedFusion);
    const model = {
      ...(options.refit === true ? await refit(run, linear) : linear),
      fusion: (fusions[0] as FittedFusion).fusion,
      trunk: trunk && { config: trunk.config, weights: trunk.weights },
      codes: codes && codesOf(codes),
    };
    const started = (['trunk', 'codes'] as const).filter((part) => begin[part].start !== null);
    return { model, reports, fusions, comparison, started, seconds: run.seconds, skipped: run.skipped };
  } finally {
    for (const one of disposables) await one.dispose();
  }
}

function codesOf({ model, catalogue: { ids, books, space } }: CodesPart): RankerModel['codes'] {
  return { model, ids, books, space };
}

type Timed = keyof TrainedAll['seconds'];

/** What all stages share. */
interface Run {
  readonly data: RankingData;
  /** Beside the sequences of `data`, also where they only stand for an order. */
  readonly times: readonly Float64Array[];
  readonly split: Split;
  readonly protocols: readonly [Protocol, ...Protocol[]];
  readonly options: TrainAllOptions;
  readonly exam: Exam;
  readonly product: TileProduct;
  readonly random: Random;
  readonly seconds: Partial<Record<Timed, number>>;
  readonly skipped: Partial<Record<PartName, string>>;
  readonly watch: (stage: TrainingStage) => Watch;
  timed<T>(name: Timed, work: () => Promise<T>): Promise<T>;
}

function trainingRun(source: RankingData, options: TrainAllOptions, product: TileProduct): Run {
  const data = withoutRepeats(withRealTimes(source));
  const [first, ...others] = options.protocols ?? protocolsFor(data);
  const protocols = [PROTOCOLS[first], ...others.map((name) => PROTOCOLS[name])] as const;
  const split = splitData(data, protocols[0]);
  const random = seededRandom(options.seed).fork('train-all');
  const seconds: Run['seconds'] = {};
  return {
    ...{ data, split, protocols, options, product, random, seconds },
    times: withoutRepeats(source).times ?? [],
    skipped: {},
    exam: {
      questions: shuffled(split.validation, random.fork('exam')).slice(0, EXAM_QUESTIONS),
      protocol: protocols[0],
    },
    watch: (stage) => ({
      report: (share) => options.onProgress?.(stage, share),
      isStopped: () => options.signal?.aborted ?? false,
    }),
    async timed(name, work) {
      if (options.signal?.aborted) throw new StoppedError();
      const begin = options.now();
      const result = await work();
      seconds[name] = (options.now() - begin) / 1000;
      return result;
    },
  };
}

/** Long histories are read as MovieLens-1M is, short ones as Amazon's: the border lies between their medians, 96 and 6. */
const LONG_MEDIAN = 40;

/** The published protocols that fit the data. */
export function protocolsFor({ sequences }: RankingData): [ProtocolName, ...ProtocolName[]] {
  const lengths = Int32Array.from(sequences, ({ length }) => length).sort();
  return (lengths[lengths.length >> 1] ?? 0) >= LONG_MEDIAN ? ['M4'] : ['A1', 'A2'];
}

/** Questions that settings of closed-form parts are chosen on. On Beauty 2,000 chose a forgetting that cost EASE 3 % on the test. */
const EXAM_QUESTIONS = 10_000;

const isWanted = ({ recipe }: TrainAllOptions, part: PartName) => recipe?.parts?.includes(part) ?? true;

type Linear = Pick<RankerModel, 'itemknn' | 'ease'> & { readonly popularity: ChosenPopularity };

async function trainLinear({ split, exam, options, product, ...run }: Run): Promise<Linear> {
  const popularity = await run.timed('popularity', () => choosePopularity(split.train, exam));
  await beat(run.watch('baselines'), 0.2);
  const itemknn = await run.timed('itemknn', () => chooseItemKnn(split.train, exam));
  await beat(run.watch('baselines'), 1);
  if (!isWanted(options, 'ease')) return { popularity, itemknn, ease: null };
  const { start } = options;
  const watched = { ...exam, watch: run.watch('ease') };
  if (typeof start?.since === 'number' && start.model.ease !== null) {
    // an incremental training keeps what was chosen: one inverse instead of a search
    const known = { ...start.model.ease, product, watch: watched.watch };
    return { popularity, itemknn, ease: await run.timed('ease', () => trainEase(split.train, known)) };
  }
  const ease = await run.timed('ease', () => chooseEase(split.train, watched, product));
  return { popularity, itemknn, ease };
}

/** Learns the closed-form parts again from every event, with the settings that were chosen. */
async function refit({ data, product, ...run }: Run, { popularity, itemknn, ease }: Linear): Promise<Linear> {
  const { recency, shrink } = itemknn;
  const again = () => trainEase(data, { ...(ease as EaseModel), product, watch: run.watch('refit') });
  return run.timed('refit', async () => ({
    popularity: { ...popularity, ...trainPopularity(data, popularity.windowSeconds) },
    itemknn: trainItemKnn(data, { recency, shrink }),
    ease: ease && (await again()),
  }));
}

/** Share of the budget that goes to the trunk, the rest to the codes: ids carry most of the quality, codes the cold items. */
const TRUNK_SHARE = 0.55;
/** With fewer people who did three things there is nothing to learn a sequence from. */
const FEWEST_PEOPLE = 30;

interface Sequences {
  readonly trunk: TrunkPart | null;
  readonly codes: CodesPart | null;
}

interface SequenceTools {
  readonly compute: Compute;
  readonly begin: TrainingPlans;
  readonly disposables: { dispose(): Promise<void> }[];
}

async function trainSequences(
  whole: Run,
  { compute, begin, disposables }: SequenceTools,
): Promise<Sequences> {
  const { split, options, random, ...run } = whole;
  const wanted = (['trunk', 'codes'] as const).filter((part) => isWanted(options, part));
  if (split.validation.length < FEWEST_PEOPLE) {
    for (const part of wanted) run.skipped[part] = `${split.validation.length} people to learn from`;
    return { trunk: null, codes: null };
  }
  const space = begin.codes.start?.catalogue.space ?? itemSpace(split.train, random.fork('space'));
  const shared = (part: 'trunk' | 'codes', share: number) => ({
    ...{ space, seed: options.seed, validation: split.validation, now: options.now },
    budgetSeconds: options.budgetSeconds * (wanted.length === 1 ? 1 : share),
    ...(options.signal && { signal: options.signal }),
    onProgress: (progress: TrainingProgress) => {
      void options.onProgress?.(part, progress.step / progress.steps, progress);
    },
  });
  const train = async <P extends RankingPart & { dispose(): Promise<void> }>(
    part: 'trunk' | 'codes',
    work: () => Promise<P>,
  ): Promise<P | null> => {
    if (!wanted.includes(part)) return null;
    try {
      const trained = await run.timed(part, work);
      disposables.push(trained);
      return trained;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      run.skipped[part] = error.message; // for example codes that collapse on a tiny catalogue
      return null;
    }
  };
  const trunk = await train('trunk', () => {
    const { lessons, recipe, start } = begin.trunk;
    return trainTrunk(lessons, compute, { ...shared('trunk', TRUNK_SHARE), ...(start && { start }) }, recipe);
  });
  const trained = trunk && { trunk: { config: trunk.config, weights: trunk.weights } };
  const codes = await train('codes', () => {
    const { lessons, recipe, start } = begin.codes;
    const own = { ...shared('codes', 1 - TRUNK_SHARE), ...trained, ...(start && { start }) };
    return trainCodes(lessons, compute, own, recipe);
  });
  return { trunk, codes };
}

/** Fits one fusion per protocol on validation, then answers the test, once. */
async function judge({ split, protocols, random, ...run }: Run, parts: readonly RankingPart[]) {
  const fitting = { parts, protocols, watch: run.watch('fusion') };
  const fusions = await run.timed('fusion', () =>
    fitFusions(split.validation, fitting, random.fork('fusion')),
  );
  const reports = await run.timed('evaluation', () =>
    evaluate(split.test, {
      parts,
      contests: protocols.map((protocol, p) => ({ protocol, fusion: (fusions[p] as FittedFusion).fusion })),
      supports: supportsOf(split.train.sequences, split.train.itemCount),
      knownPeople: split.train.sequences.length,
      watch: run.watch('evaluation'),
    }),
  );
  return { fusions, reports };
}

/** The rival answers the test questions of the first protocol that it cannot know. */
async function compare(
  { split, protocols, options, times, random, ...run }: Run,
  parts: readonly RankingPart[],
  { fusion }: FittedFusion,
): Promise<RivalComparison | null> {
  const { rival } = options;
  if (rival === undefined) return null;
  const contest = { protocol: protocols[0], fusion };
  const asked = { parts, contest, rival, times, watch: run.watch('evaluation') };
  return run.timed('comparison', () => compareWithLive(split.test, asked, random.fork('comparison')));
}
