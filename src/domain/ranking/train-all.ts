import { DomainError } from '../errors.js';
import type { Compute } from '../graph/compute.js';
import { type Random, seededRandom, shuffled } from '../random.js';
import { itemSpace } from '../semantic-ids/item-space.js';
import { chooseEase, chooseItemKnn, choosePopularity, type Exam } from './choose-settings.js';
import { beginTraining, type TrainingPlans } from './begin-training.js';
import { compareWithLive, type Rival, type RivalComparison } from './compare-with-live.js';
import { computeTileProduct } from './compute-tile-product.js';
import { assertEnoughToLearn } from './clean-events.js';
import { chooseTrend, type ChosenTrend } from './choose-trend.js';
import type { Distillation } from './distil-codes.js';
import { trainEase } from './ease.js';
import { evaluate, type ProtocolReport } from './evaluate.js';
import { type FittedFusion, fitFusions } from './fit-fusions.js';
import { countedAgain, type Linear, linearParts, newcomersOf } from './linear-parts.js';
import type { Preference } from './objectives/preference.js';
import { trainTunedTrunk } from './objectives/train-tuned-trunk.js';
import type { TuningReport } from './objectives/tune-by-recipe.js';
import type { PartName, RankingData, RankingPart } from './part.js';
import { trainPopularity } from './popularity.js';
import {
  type Protocol,
  type ProtocolName,
  PROTOCOLS,
  protocolsFor,
  type Split,
  splitData,
} from './protocols.js';
import type { RankerModel } from './ranker-artefact.js';
import type { RankerRecipe } from './recipe.js';
import { withoutRepeats, withRealTimes } from './ranking-data.js';
import type { StartModel } from './start-from.js';
import type { TileProduct } from './symmetric-inverse.js';
import { supportsOf } from './together-counts.js';
import type { CodesPart } from './train-codes.js';
import { type DiffusionPart, diffusionRecipeFor, trainDiffusion } from './train-diffusion.js';
import { type ServedCodesOptions, trainServedCodes } from './train-served-codes.js';
import type { TrunkPart } from './train-trunk.js';
import { trainTrend } from './trend.js';
import type { TrainingStage } from './training-stages.js';
import type { TrainingProgress } from './training.js';
import { beat, StoppedError, type Watch } from './watch.js';

export interface TrainAllOptions {
  readonly seed: number;
  /** Wall-clock seconds for trunk and codes together; the closed-form parts and the evaluation come on top. */
  readonly budgetSeconds: number;
  /** Protocols over one split; fusion of the first is the one that is served. By rule from the data when left out. */
  readonly protocols?: readonly [ProtocolName, ...ProtocolName[]];
  /** What differs from the rule: parts, kind and size of the trunk, and so on. */
  readonly recipe?: RankerRecipe;
  /** What people chose and passed over, by person as in the data; objectives that learn from it use their own answers where it is empty. */
  readonly preferences?: readonly Preference[];
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
  /** What a second stage did to the trunk, where the recipe asked for one. */
  readonly tuning: TuningReport | null;
  /** What a narrow decoder learned from the codes, where the recipe asked for one. */
  readonly distillation: Distillation | null;
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
    const sequences = await trainSequences(run, { compute, begin, disposables });
    const { trunk, codes, diffusion, tuning, distillation } = sequences;
    const sequential = [trunk, codes, diffusion].filter((part) => part !== null);
    const { fusions, reports, comparison } = await judge(run, linear, sequential);
    const { trend, ...served } = options.refit === true ? await relearned(run, linear, run.data) : linear;
    const model = {
      ...served,
      ...(trend && { trend }),
      fusion: (fusions[0] as FittedFusion).fusion,
      trunk: trunk && { config: trunk.config, weights: trunk.weights },
      codes: codes && codesOf(codes),
      diffusion: diffusion && diffusion.model,
    };
    const started = (['trunk', 'codes'] as const).filter((part) => begin[part].start !== null);
    const { seconds, skipped } = run;
    return { model, reports, fusions, comparison, started, seconds, skipped, tuning, distillation };
  } finally {
    for (const one of disposables) await one.dispose();
  }
}

function codesOf({ model, student, catalogue }: CodesPart): RankerModel['codes'] {
  const { ids, tokenizer, space } = catalogue;
  return { model, ids, tokenizer, space, ...(student && { student }) };
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
  assertEnoughToLearn(data);
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

/** Questions that settings of closed-form parts are chosen on. On Beauty 2,000 chose a forgetting that cost EASE 3 % on the test. */
const EXAM_QUESTIONS = 10_000;

/** All but diffusion, which is trained when it is named among the parts or its loss is chosen. */
const isWanted = ({ recipe }: TrainAllOptions, part: PartName) =>
  recipe?.parts?.includes(part) ?? (part !== 'diffusion' || recipe?.diffusion !== undefined);

async function trainLinear({ split, exam, options, product, ...run }: Run): Promise<Linear> {
  const popularity = await run.timed('popularity', () => choosePopularity(split.train, exam));
  await beat(run.watch('baselines'), 0.2);
  const hasTrend = split.known.times !== undefined && isWanted(options, 'trend');
  const trend = hasTrend ? await run.timed('trend', () => trendOf(split)) : null;
  await beat(run.watch('baselines'), 0.5);
  const itemknn = await run.timed('itemknn', () => chooseItemKnn(split.train, exam));
  await beat(run.watch('baselines'), 1);
  if (!isWanted(options, 'ease')) return { popularity, trend, itemknn, ease: null };
  const watched = { ...exam, watch: run.watch('ease') };
  const known = typeof options.start?.since !== 'number' ? null : options.start.model.ease;
  if (known !== null) {
    // an incremental training keeps what was chosen: one inverse instead of a search
    const settings = { ...known, product, watch: watched.watch };
    const ease = await run.timed('ease', () => trainEase(split.train, settings));
    return { popularity, trend, itemknn, ease };
  }
  const ease = await run.timed('ease', () => chooseEase(split.train, watched, product));
  return { popularity, trend, itemknn, ease };
}

/** Settings from all that may be known before the test, counts from the training events alone. */
function trendOf({ train, known }: Split): Promise<ChosenTrend> {
  const chosen = chooseTrend(known);
  return Promise.resolve({ ...chosen, ...trainTrend(train, chosen) });
}

/** Learns the closed-form parts again from these events. */
function relearned({ product, ...run }: Run, linear: Linear, data: RankingData): Promise<Linear> {
  return run.timed('refit', () => countedAgain(linear, data, { product, watch: run.watch('refit') }));
}

/** How trained parts divide the budget: ids carry most of the quality, codes the cold items; diffusion starts from the trunk's answer. */
const BUDGET = { trunk: 0.55, codes: 0.45, diffusion: 0.3 } as const;
type Sequential = keyof typeof BUDGET;
/** With fewer people who did three things there is nothing to learn a sequence from. */
const FEWEST_PEOPLE = 30;

interface Sequences {
  readonly trunk: TrunkPart | null;
  readonly codes: CodesPart | null;
  readonly diffusion: DiffusionPart | null;
  readonly tuning: TuningReport | null;
  readonly distillation: Distillation | null;
}

interface SequenceTools {
  readonly compute: Compute;
  readonly begin: TrainingPlans;
  readonly disposables: { dispose(): Promise<void> }[];
}

async function trainSequences(
  { split, options, random, ...run }: Run,
  { compute, begin, disposables }: SequenceTools,
): Promise<Sequences> {
  const wanted = (['trunk', 'codes', 'diffusion'] as const).filter((part) => isWanted(options, part));
  if (split.validation.length < FEWEST_PEOPLE) {
    for (const part of wanted) run.skipped[part] = `${split.validation.length} people to learn from`;
    return { trunk: null, codes: null, diffusion: null, tuning: null, distillation: null };
  }
  const space = begin.codes.start?.catalogue.space ?? itemSpace(split.train, random.fork('space'));
  const shares = wanted.reduce((sum, part) => sum + BUDGET[part], 0);
  const shared = (part: Sequential) => ({
    ...{ space, seed: options.seed, validation: split.validation, now: options.now },
    budgetSeconds: (options.budgetSeconds * BUDGET[part]) / shares,
    ...(options.signal && { signal: options.signal }),
    onProgress: (progress: TrainingProgress) => {
      void options.onProgress?.(part, progress.step / progress.steps, progress);
    },
  });
  const train = async <P extends RankingPart & { dispose(): Promise<void> }>(
    part: Sequential,
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
  let tuning: TuningReport | null = null;
  const trunk = await train('trunk', async () => {
    const { preferences = [], recipe = {} } = options;
    const lesson = { train: split.train, plan: begin.trunk, data: run.data, preferences, recipe };
    const trained = await trainTunedTrunk(lesson, compute, shared('trunk'));
    tuning = trained.report;
    return trained.part;
  });
  const from = trunk && { trunk: { config: trunk.config, weights: trunk.weights } };
  let distillation: Distillation | null = null;
  const codes = await train('codes', async () => {
    const served = await trainServed(begin.codes, compute, { ...shared('codes'), ...from }, options);
    distillation = served.distillation;
    return served.part;
  });
  const diffusion = await train('diffusion', () =>
    trainDiffusion(
      split.train,
      compute,
      { ...shared('diffusion'), ...from },
      diffusionRecipeFor(options.recipe),
    ),
  );
  return { trunk, codes, diffusion, tuning, distillation };
}

function trainServed(
  { lessons, recipe, start }: TrainingPlans['codes'],
  compute: Compute,
  shared: ServedCodesOptions,
  { onProgress }: TrainAllOptions,
) {
  const onDistilling = (progress: TrainingProgress) => {
    void onProgress?.('distilling', progress.step / progress.steps, progress);
  };
  return trainServedCodes(lessons, compute, { ...shared, ...(start && { start }), onDistilling }, recipe);
}

const WEEK = 7 * 86_400;

/**
 * Fits one fusion per protocol on validation, then answers the test, once. Under a split by time the closed-form parts first learn
 * what came before the test: a trend of the training events alone would be weeks old.
 */
async function judge(run: Run, linear: Linear, sequential: readonly RankingPart[]) {
  const { split, protocols, random, options, times } = run;
  const parts = [...linearParts(linear), ...sequential];
  const fitting = { parts, protocols, newcomers: newcomersOf(linear), watch: run.watch('fusion') };
  const fusions = await run.timed('fusion', () =>
    fitFusions(split.validation, fitting, random.fork('fusion')),
  );
  const isByTime = protocols[0].split === 'global-time';
  const answering = isByTime ? linearParts(await relearned(run, linear, split.known)) : linearParts(linear);
  const ranks = new Float64Array(split.test.length);
  const reports = await run.timed('evaluation', () =>
    evaluate(split.test, {
      parts: [...answering, ...sequential],
      contests: protocols.map((protocol, p) => ({ protocol, fusion: (fusions[p] as FittedFusion).fusion })),
      supports: supportsOf(split.train.sequences, split.train.itemCount),
      knownPeople: split.train.sequences.length,
      ...(isByTime && { references: { popularity7: trainPopularity(split.known, WEEK).counts } }),
      watch: run.watch('evaluation'),
      onRank: (question, rank) => (ranks[question] = rank),
    }),
  );
  const asked = { protocol: protocols[0], ranks, times, watch: run.watch('evaluation') };
  const comparison = await run.timed('comparison', () =>
    compareWithLive(split.test, { ...asked, rival: options.rival }, random.fork('comparison')),
  );
  return { fusions, reports, comparison };
}
