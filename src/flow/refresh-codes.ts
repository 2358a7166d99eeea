import { DomainError } from '../domain/errors.js';
import type { CatalogueId } from '../domain/ids.js';
import type { Metric, ModelVersion } from '../domain/model-version.js';
import { encodeRanker } from '../domain/ranking/ranker-artefact.js';
import { type RefreshedRanker, refreshRanker } from '../domain/ranking/refresh-ranker.js';
import { indexItems } from './index-items.js';
import type { JobHandler } from './job-handler.js';
import type { RefreshCodesPayload } from './jobs.js';
import { type LiveModel, loadLive } from './live-rival.js';
import { loadTrainingData, type TrainingData } from './load-training-data.js';
import type { Ports } from './ports.js';
import { cardOf, learnedFrom, metricsOf } from './register-ranker.js';

type RefreshPorts = Pick<Ports, 'stores' | 'clock' | 'text' | 'blobs' | 'compute'>;

export interface RefreshRun extends RefreshCodesPayload {
  readonly signal: AbortSignal;
  /** Share of the whole in 0..1, and what is being done. */
  readonly onProgress: (share: number, stage: string) => void;
}

export interface RefreshedCodes {
  readonly model: ModelVersion;
  /** The live version whose codes were refreshed. */
  readonly from: ModelVersion;
  readonly refreshed: RefreshedRanker;
}

/** Refresh codes: the live ranker with codes of today, as a candidate. What is live stays live until the candidate is promoted. */
export async function refreshCodes(ports: RefreshPorts, run: RefreshRun): Promise<RefreshedCodes> {
  const { catalogueId, seed, budgetSeconds, signal, onProgress } = run;
  const { version: from, model: ranker } = await liveRanker(ports, catalogueId);
  const indexed = (done: number, total: number) =>
    onProgress((0.2 * done) / Math.max(1, total), 'reading words');
  await indexItems(ports, catalogueId, { signal, onProgress: indexed });
  signal.throwIfAborted();
  const today = await loadTrainingData(ports, catalogueId, seed);
  const refreshed = await refreshRanker(ranker, today, ports.compute, {
    ...{ seed, budgetSeconds, signal, from: from.id },
    now: () => ports.clock.now().getTime(),
    onProgress: ({ step, steps }) => onProgress(0.3 + (0.5 * step) / steps, 'fitting the decoder'),
  });
  onProgress(0.95, 'storing');
  const model = await register(ports, { catalogueId, seed, from }, today, refreshed);
  return { model, from, refreshed };
}

async function liveRanker(ports: RefreshPorts, catalogueId: CatalogueId): Promise<LiveModel> {
  const live = await loadLive(ports, catalogueId);
  if (live !== null) return live;
  throw new DomainError(
    'NOT_FOUND',
    'a live ranker with codes was wanted, the catalogue has none: train first',
    { path: ['catalogueId'] },
  );
}

interface Registering {
  readonly catalogueId: CatalogueId;
  readonly seed: number;
  readonly from: ModelVersion;
}

async function register(
  { stores, blobs, clock }: RefreshPorts,
  { catalogueId, seed, from }: Registering,
  today: TrainingData,
  refreshed: RefreshedRanker,
): Promise<ModelVersion> {
  const { model, reports } = refreshed;
  const dataSnapshot = today.snapshot;
  const metrics = [...metricsOf(reports), ...changeMetrics(refreshed)];
  const figures = Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  const manifest = { ...model.manifest, snapshot: dataSnapshot, seed, figures };
  const artefact = await blobs.put(encodeRanker({ ...model, manifest }));
  const trainedAt = clock.now();
  return stores.models.save({
    ...{ catalogueId, trainedAt, dataSnapshot, seed, metrics, artefact },
    ...{ recipe: from.recipe, learned: { ...learnedFrom(today, from.id), ...lessonsOf(from) } },
    family: from.family,
    version: `${trainedAt.toISOString().slice(0, 19)} codes`,
    role: 'RANKER',
    state: 'CANDIDATE',
    card: `${cardOf({ reports, comparison: null })} ${changeSentence(refreshed, from)}`,
  });
}

/** A refresh teaches the trunk nothing: the next incremental training begins where the last training ended. */
function lessonsOf({ learned }: ModelVersion): { lessonsUntil?: string } {
  const lessonsUntil = learned?.lessonsUntil ?? learned?.until;
  return lessonsUntil === undefined ? {} : { lessonsUntil };
}

function changeMetrics({ changes, validation }: RefreshedRanker): Metric[] {
  const n = changes.shared;
  return [
    { name: 'codes.moved', value: changes.movedShare, n },
    { name: 'codes.added', value: changes.added, n },
    { name: 'codes.validation.before', value: validation.before, n },
    { name: 'codes.validation.after', value: validation.after, n },
  ];
}

/** What a refresh changed, in words. */
export function changeSentence({ changes }: RefreshedRanker, from: Pick<ModelVersion, 'version'>): string {
  const { moved, shared, added, movedShare } = changes;
  const share = (100 * movedShare).toFixed(1);
  return `Codes refreshed from ${from.version}: ${moved} of ${shared} items moved (${share} %), ${added} are new.`;
}

/** The same as a job. */
export const refreshCodesJob: JobHandler<'refresh-codes'> = async (
  ports,
  { payload },
  { signal, report },
) => {
  const { model } = await refreshCodes(ports, { ...payload, signal, onProgress: report });
  return { status: 'SUCCEEDED', result: { modelVersionId: model.id } };
};
