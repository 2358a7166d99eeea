import { DomainError } from '../domain/errors.js';
import type { CatalogueId, ItemId, ModelVersionId } from '../domain/ids.js';
import type { ModelVersion } from '../domain/model-version.js';
import { promotionVerdict, type Verdict } from '../domain/promotion-rule.js';
import type { Rival } from '../domain/ranking/compare-with-live.js';
import type { IgnoredEvents } from '../domain/ranking/clean-events.js';
import { learnsPreferences } from '../domain/ranking/objectives/tune-by-recipe.js';
import { trainAll, type TrainAllOptions, type TrainedAll } from '../domain/ranking/train-all.js';
import { TRAINING_STAGES, type TrainingStage } from '../domain/ranking/training-stages.js';
import type { TrainingProgress } from '../domain/ranking/training.js';
import { indexItems } from './index-items.js';
import type { JobHandler } from './job-handler.js';
import type { TrainRankerPayload } from './jobs.js';
import { loadPreferences } from './load-preferences.js';
import { type LiveModel, liveRival, loadLive } from './live-rival.js';
import { loadTrainingData, type TrainingData } from './load-training-data.js';
import type { Ports } from './ports.js';
import { registerRanker } from './register-ranker.js';

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
  /** What the rule of promotion says of it. */
  readonly verdict: Verdict;
  readonly trained: TrainedAll;
  readonly ignored: IgnoredEvents;
}

/**
 * Train -> promote: vectors, every part, fusion and test, the live model on what it cannot know, then the registry. It goes live by
 * itself only where the rule of promotion (domain/promotion-rule.ts) says that it is better for sure.
 */
export async function trainCatalogue(ports: TrainPorts, run: TrainingRun): Promise<TrainedModel> {
  const { catalogueId, seed, signal, onProgress } = run;
  const indexed = (done: number, total: number) =>
    onProgress((0.2 * done) / Math.max(1, total), 'reading words');
  await indexItems(ports, catalogueId, { signal, onProgress: indexed });
  signal.throwIfAborted();
  const live = await loadLive(ports, catalogueId);
  const goesOn = startsFrom(run, live);
  const loaded = await loadTrainingData(ports, catalogueId, seed, (goesOn?.model.itemIds ?? []) as ItemId[]);
  const start = goesOn && { model: goesOn.model, since: sinceOf(run, goesOn, loaded) };
  const preferences = learnsPreferences(run.recipe) ? await loadPreferences(ports, catalogueId, loaded) : [];
  const trained = await besideLive(ports, { live, loaded }, (rival) =>
    trainAll(loaded.data, ports.compute, {
      ...optionsOf(ports, run),
      preferences,
      ...(start && { start }),
      ...(rival && { rival }),
    }),
  );
  const model = await registerRanker(ports, trained, { run, loaded, live: live?.version ?? null });
  const { ignored } = loaded;
  return {
    trained,
    ignored,
    ...(await promoteIfBetter(ports, model, { run, over: live?.version.id ?? null })),
  };
}

/** Nothing happens if another model went live while this one was trained: it was measured against the wrong one. */
async function promoteIfBetter(
  { stores, clock }: TrainPorts,
  model: ModelVersion,
  { run, over }: { readonly run: TrainingRun; readonly over: ModelVersionId | null },
): Promise<Omit<TrainedModel, 'trained' | 'ignored'>> {
  const verdict = promotionVerdict(model.metrics, over);
  if (!run.promote || verdict.state !== 'BETTER') return { model, promoted: false, verdict };
  const cause = { actor: 'TRAINING', personId: null, reason: verdict.why, at: clock.now(), over } as const;
  const moved = await stores.models.move(model.id, 'LIVE', cause);
  return { model: moved.model, promoted: true, verdict };
}

/** The live model where its weights are asked for. The first training of a catalogue has none, and starts afresh whatever was asked. */
function startsFrom({ recipe }: TrainingRun, live: LiveModel | null): LiveModel | null {
  const learnsNew = recipe?.learn === 'new';
  if (learnsNew && recipe.start === 'fresh')
    throw new DomainError(
      'INVALID_INPUT',
      'learn=new goes on from the live model, start=fresh came with it',
      {
        path: ['recipe'],
      },
    );
  return learnsNew || recipe?.start === 'live' ? live : null;
}

/** Where an incremental training begins: after everything that the live model learned from. */
function sinceOf({ recipe }: TrainingRun, { version }: LiveModel, { data }: TrainingData): number | null {
  if (recipe?.learn !== 'new' || version.learned === null) return null;
  const { until, lessonsUntil = until } = version.learned;
  const since = Date.parse(lessonsUntil) / 1000;
  const isNew = data.times?.some((own) => (own.at(-1) ?? 0) > since) ?? false;
  if (isNew) return since;
  throw new DomainError('CONFLICT', `nothing happened since ${lessonsUntil}, which is what is live`, {
    path: ['recipe', 'learn'],
  });
}

/** Opens the live model beside a training, and closes it whatever happens. */
async function besideLive<T>(
  ports: TrainPorts,
  { live, loaded }: { readonly live: LiveModel | null; readonly loaded: TrainingData },
  work: (rival: Rival | null) => Promise<T>,
): Promise<T> {
  const opened = live && (await liveRival(ports, live, loaded.itemIds));
  try {
    return await work(opened?.rival ?? null);
  } finally {
    await opened?.close();
  }
}

function optionsOf({ clock }: TrainPorts, run: TrainingRun): TrainAllOptions {
  const { seed, budgetSeconds, recipe, signal, onProgress } = run;
  return {
    seed,
    budgetSeconds,
    ...(recipe && { recipe }),
    signal,
    refit: true,
    now: () => clock.now().getTime(),
    onProgress: (stage, share, training) =>
      onProgress(0.2 + 0.8 * overall(stage, share), told(stage, training)),
  };
}

/** What each stage takes of the whole, roughly, in TRAINING_STAGES' order. */
const WEIGHT: Readonly<Record<TrainingStage, number>> = {
  baselines: 0.03,
  ease: 0.07,
  trunk: 0.42,
  codes: 0.31,
  distilling: 0.02,
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
  distilling: 'teaching a small decoder',
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
