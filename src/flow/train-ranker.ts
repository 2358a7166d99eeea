import { DomainError } from '../domain/errors.js';
import type { CatalogueId } from '../domain/ids.js';
import type { Metric, ModelVersion } from '../domain/model-version.js';
import { type IgnoredEvents, tellIgnored } from '../domain/ranking/clean-events.js';
import type { ProtocolReport } from '../domain/ranking/evaluate.js';
import { learnsPreferences } from '../domain/ranking/objectives/tune-by-recipe.js';
import { encodeRanker } from '../domain/ranking/ranker-artefact.js';
import {
  trainAll,
  TRAINING_STAGES,
  type TrainedAll,
  type TrainingStage,
} from '../domain/ranking/train-all.js';
import type { TrainingProgress } from '../domain/ranking/training.js';
import { indexItems } from './index-items.js';
import type { JobHandler } from './job-handler.js';
import type { TrainRankerPayload } from './jobs.js';
import { loadPreferences } from './load-preferences.js';
import { loadTrainingData, type TrainingData } from './load-training-data.js';
import type { Ports } from './ports.js';

type TrainPorts = Pick<Ports, 'stores' | 'transaction' | 'clock' | 'text' | 'blobs' | 'compute'>;

export interface TrainingRun extends TrainRankerPayload {
  readonly signal: AbortSignal;
  /** Share of the whole in 0..1, and what is being done. */
  readonly onProgress: (share: number, stage: string) => void;
  /** False only judges and registers: what is live stays live. */
  readonly promote: boolean;
}

export interface TrainedModel {
  readonly model: ModelVersion;
  readonly promoted: boolean;
  readonly trained: TrainedAll;
  readonly ignored: IgnoredEvents;
}

/** Train -> promote: vectors, every part, fusion and test, then the registry. Live only if it beats popularity for sure. */
export async function trainCatalogue(ports: TrainPorts, run: TrainingRun): Promise<TrainedModel> {
  const { catalogueId, seed, budgetSeconds, recipe, signal, onProgress } = run;
  const indexed = (done: number, total: number) =>
    onProgress((0.2 * done) / Math.max(1, total), 'reading words');
  await indexItems(ports, catalogueId, { signal, onProgress: indexed });
  signal.throwIfAborted();
  const loaded = await loadTrainingData(ports, catalogueId, seed);
  const preferences = learnsPreferences(recipe) ? await loadPreferences(ports, catalogueId, loaded) : [];
  const trained = await trainAll(loaded.data, ports.compute, {
    seed,
    preferences,
    budgetSeconds,
    ...(recipe && { recipe }),
    signal,
    refit: true,
    now: () => ports.clock.now().getTime(),
    onProgress: (stage, share, training) =>
      onProgress(0.2 + 0.8 * overall(stage, share), told(stage, training)),
  });
  const model = await register(ports, run, loaded, trained);
  const { ignored } = loaded;
  if (!run.promote || !beatsPopularity(trained)) return { model, promoted: false, trained, ignored };
  const { live } = await ports.transaction((tx) => tx.models.promote(model.id));
  return { model: live, promoted: true, trained, ignored };
}

/** What each stage takes of the whole, roughly, in TRAINING_STAGES' order. */
const WEIGHT: Readonly<Record<TrainingStage, number>> = {
  baselines: 0.03,
  ease: 0.07,
  trunk: 0.42,
  codes: 0.33,
  diffusion: 0.05,
  fusion: 0.04,
  evaluation: 0.04,
  refit: 0.02,
};
const NAME: Readonly<Record<TrainingStage, string>> = {
  baselines: 'counting neighbours',
  ease: 'solving EASE',
  trunk: 'training the trunk',
  codes: 'training the codes',
  diffusion: 'training the diffusion',
  fusion: 'fusing the parts',
  evaluation: 'testing',
  refit: 'learning the last events',
};

function overall(stage: TrainingStage, share: number): number {
  const before = TRAINING_STAGES.slice(0, TRAINING_STAGES.indexOf(stage)).reduce(
    (sum, one) => sum + WEIGHT[one],
    0,
  );
  return Math.min(1, before + WEIGHT[stage] * share);
}

function told(stage: TrainingStage, training: TrainingProgress | undefined): string {
  return training === undefined ? NAME[stage] : `${NAME[stage]}, epoch ${Math.floor(training.epoch) + 1}`;
}

/** The condition for going live: better than popularity on people it never saw, with the lower end of the interval. */
function beatsPopularity({ reports }: TrainedAll): boolean {
  return (reports[0]?.contestants.fusion?.gainOverPopularity.low ?? 0) > 0;
}

async function register(
  { stores, blobs, clock }: TrainPorts,
  { catalogueId, seed, recipe }: TrainingRun,
  { itemIds, people, events, data, ignored }: TrainingData,
  { model, reports, tuning }: TrainedAll,
): Promise<ModelVersion> {
  const snapshot = `${people} people, ${events} events, ${data.itemCount} items, until ${newest(data.times).toISOString()}`;
  const manifest = { snapshot, seed, ...(recipe && { recipe }), figures: figuresOf(reports) };
  const artefact = await blobs.put(encodeRanker({ ...model, itemIds, manifest }));
  const trainedAt = clock.now();
  return stores.models.save({
    catalogueId,
    family: 'vitrine-ranker',
    version: trainedAt.toISOString().slice(0, 19),
    role: 'RANKER',
    state: 'CANDIDATE',
    trainedAt,
    dataSnapshot: snapshot,
    seed,
    card: [cardOf(reports), tellIgnored(ignored)].join(' ').trim(),
    metrics: [...metricsOf(reports), ...tuningMetrics(tuning), ...ignoredMetrics(ignored, events)],
    artefact,
  });
}

export function newest(times: TrainingData['data']['times']): Date {
  const seconds = (times ?? []).reduce((latest, one) => Math.max(latest, one.at(-1) ?? 0), 0);
  return new Date(seconds * 1000);
}

export function cardOf([report]: readonly ProtocolReport[]): string {
  if (report === undefined) return 'Not judged.';
  const figure = (name: 'popularity' | 'fusion') => report.contestants[name]?.N10.toFixed(4) ?? '-';
  return `N@10 ${figure('fusion')} on ${report.people} held-out people (protocol ${report.protocol}), popularity has ${figure('popularity')}.`;
}

function figuresOf(reports: readonly ProtocolReport[]): Record<string, number> {
  return Object.fromEntries(metricsOf(reports).map(({ name, value }) => [name, value]));
}

/** Flat figures by name, e.g. `A1.fusion.N10`, with the interval of the gain over popularity where there is one. */
export function metricsOf(reports: readonly ProtocolReport[]): Metric[] {
  return reports.flatMap(({ protocol, people, contestants }) =>
    Object.entries(contestants).flatMap(([part, report]) => {
      const named = (['R5', 'R10', 'N5', 'N10'] as const).map((figure) => {
        return { name: `${protocol}.${part}.${figure}`, value: report[figure], n: people };
      });
      const { mean, low, high } = report.gainOverPopularity;
      return [...named, { name: `${protocol}.${part}.gainN10`, value: mean, low, high, n: people }];
    }),
  );
}

/** What a second stage changed on validation, e.g. `tuning.dpo.before.gini`. */
function tuningMetrics(tuning: TrainedAll['tuning']): Metric[] {
  if (tuning === null) return [];
  const { objective, before, after, preferences, isKept, judges: n } = tuning;
  const figures = { before, after, found: { preferences, isUsed: isKept ? 1 : 0 } };
  return Object.entries(figures).flatMap(([group, own]) =>
    Object.entries<number | null>({ ...own }).flatMap(([figure, value]) =>
      value === null ? [] : [{ name: `tuning.${objective}.${group}.${figure}`, value, n }],
    ),
  );
}

/** What was left out of training, beside the events that were learned from. */
function ignoredMetrics(ignored: IgnoredEvents, events: number): Metric[] {
  return Object.entries(ignored).map(([reason, value]: [string, number]) => ({
    name: `ignored.${reason}`,
    value,
    n: events,
  }));
}

/** The same as jobs. */
export const trainRanker: JobHandler<'train-ranker'> = (ports, job, context) =>
  asJob(true)(ports, job, context);
export const evaluateRanker: JobHandler<'evaluate-ranker'> = (ports, job, context) =>
  asJob(false)(ports, job, context);

function asJob(promote: boolean): JobHandler<'train-ranker' | 'evaluate-ranker'> {
  return async (ports, { payload }, { signal, report }) => {
    const { model, promoted } = await trainCatalogue(ports, {
      ...payload,
      promote,
      signal,
      onProgress: report,
    });
    return { status: 'SUCCEEDED', result: { modelVersionId: model.id, promoted } };
  };
}

/** The catalogue that a command means: the one with this key, else the one imported last. */
export async function catalogueFor(
  { stores }: Pick<Ports, 'stores'>,
  key: string | undefined,
): Promise<CatalogueId> {
  const all = await stores.catalogues.all();
  const found = key === undefined ? all.at(-1) : all.find((catalogue) => catalogue.key === key);
  if (found !== undefined) return found.id;
  const keys = all.map((catalogue) => catalogue.key).join(', ') || 'none yet: import one first';
  throw new DomainError('NOT_FOUND', `catalogue: one of ${keys} was wanted, "${key ?? 'none'}" came`, {
    path: ['catalogue'],
  });
}
