import type { ModelVersionId } from '../domain/ids.js';
import type { Learned, Metric, ModelVersion } from '../domain/model-version.js';
import { GAIN_OVER_LIVE } from '../domain/promotion-rule.js';
import { tellIgnored } from '../domain/ranking/clean-events.js';
import type { RivalComparison } from '../domain/ranking/compare-with-live.js';
import type { ProtocolReport } from '../domain/ranking/evaluate.js';
import { encodeRanker } from '../domain/ranking/ranker-artefact.js';
import type { TrainedAll } from '../domain/ranking/train-all.js';
import type { TrainRankerPayload } from './jobs.js';
import type { TrainingData } from './load-training-data.js';
import type { Ports } from './ports.js';

export interface TrainedFrom {
  readonly run: TrainRankerPayload;
  readonly loaded: TrainingData;
  /** What was live meanwhile: the model compared with, and perhaps started from. */
  readonly live: ModelVersion | null;
}

/** Stores what was trained, as a candidate with everything that says what it is: data, seed, recipe, figures. */
export async function registerRanker(
  { stores, blobs, clock }: Pick<Ports, 'stores' | 'blobs' | 'clock'>,
  trained: TrainedAll,
  { run: { catalogueId, seed, recipe }, loaded, live }: TrainedFrom,
): Promise<ModelVersion> {
  const { itemIds, snapshot } = loaded;
  const metrics = [
    ...metricsOf(trained.reports),
    ...rivalMetrics(trained, live),
    ...tuningMetrics(trained),
    ...distillationMetrics(trained),
    ...ignoredMetrics(loaded),
  ];
  const figures = Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  const manifest = { snapshot, seed, ...(recipe && { recipe }), figures };
  const artefact = await blobs.put(encodeRanker({ ...trained.model, itemIds, manifest }));
  const trainedAt = clock.now();
  return stores.models.save({
    catalogueId,
    family: 'vitrine-ranker',
    version: trainedAt.toISOString().slice(0, 19),
    role: 'RANKER',
    state: 'CANDIDATE',
    trainedAt,
    dataSnapshot: snapshot,
    learned: learnedFrom(loaded, trained.started.length > 0 ? (live?.id ?? null) : null),
    recipe: recipe ?? {},
    seed,
    card: [cardOf(trained), tellIgnored(loaded.ignored)].join(' ').trim(),
    metrics,
    artefact,
  });
}

export function learnedFrom(
  { people, events, data, until }: TrainingData,
  startedFrom: ModelVersionId | null,
): Learned {
  return { people, events, items: data.itemCount, until: new Date(until * 1000).toISOString(), startedFrom };
}

export function cardOf({
  reports: [report],
  comparison,
}: Pick<TrainedAll, 'reports' | 'comparison'>): string {
  if (report === undefined) return 'Not judged.';
  const figure = (name: 'popularity' | 'fusion') => report.contestants[name]?.N10.toFixed(4) ?? '-';
  const card = `N@10 ${figure('fusion')} on ${report.people} held-out people (protocol ${report.protocol}), popularity has ${figure('popularity')}.`;
  return comparison === null ? card : `${card} ${beside(comparison)}`;
}

function beside({ own, rival, people }: RivalComparison): string {
  return `On the ${people} whose answer the live model cannot know: N@10 ${own.toFixed(4)}, the live model has ${rival.toFixed(4)}.`;
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

/** The comparison with the live model; `slice` names it, since the figures say nothing about the next one. */
function rivalMetrics({ reports, comparison }: TrainedAll, live: ModelVersion | null): Metric[] {
  const protocol = reports[0]?.protocol;
  if (comparison === null || live === null || protocol === undefined) return [];
  const { own, rival, gain, people: n } = comparison;
  const of = { slice: live.id, n };
  return [
    { name: `${protocol}.newToLive.N10`, value: own, ...of },
    { name: `${protocol}.newToLive.liveN10`, value: rival, ...of },
    { name: `${protocol}.${GAIN_OVER_LIVE}`, value: gain.mean, low: gain.low, high: gain.high, ...of },
  ];
}

/** What a second stage changed on validation, e.g. `tuning.dpo.before.gini`. */
function tuningMetrics({ tuning }: TrainedAll): Metric[] {
  if (tuning === null) return [];
  const { objective, before, after, preferences, isKept, judges: n } = tuning;
  const figures = { before, after, found: { preferences, isUsed: isKept ? 1 : 0 } };
  return Object.entries(figures).flatMap(([group, own]) =>
    Object.entries<number | null>({ ...own }).flatMap(([figure, value]) =>
      value === null ? [] : [{ name: `tuning.${objective}.${group}.${figure}`, value, n }],
    ),
  );
}

/** A distilled decoder beside its teacher, on the same held-out people. */
function distillationMetrics({ distillation }: TrainedAll): Metric[] {
  if (distillation === null) return [];
  const { teacher, student, gain, judges: n, serves, speedUp } = distillation;
  return [
    { name: 'distil.teacher.N10', value: teacher, n },
    { name: 'distil.student.N10', value: student, n },
    { name: 'distil.gainN10', value: gain.mean, low: gain.low, high: gain.high, n },
    { name: 'distil.serves', value: serves ? 1 : 0, n },
    ...(speedUp === null ? [] : [{ name: 'distil.speedUp', value: speedUp, n }]),
  ];
}

/** What was left out of training, beside the events that were learned from. */
function ignoredMetrics({ ignored, events }: TrainingData): Metric[] {
  return Object.entries(ignored).map(([reason, value]: [string, number]) => ({
    name: `ignored.${reason}`,
    value,
    n: events,
  }));
}
