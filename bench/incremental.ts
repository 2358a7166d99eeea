import { momentAt } from '../src/domain/ranking/moment-at.js';
import type { RankingData } from '../src/domain/ranking/part.js';
import { serveRanker } from '../src/domain/ranking/ranker.js';
import type { RankerModel } from '../src/domain/ranking/ranker-artefact.js';
import { trainAll, type TrainAllOptions, type TrainedAll } from '../src/domain/ranking/train-all.js';
import { withRows } from '../src/domain/ranking/with-rows.js';
import { onnxCompute } from '../src/infra/compute/onnx-compute.js';
import { wholeNumber } from './arguments.js';
import { benchOptions } from './bench-options.js';
import { reportBench } from './bench-report.js';
import { loadRankingSet, RANKING_SETS } from './ranking-sets.js';

/**
 * What an incremental training costs and keeps, on MovieLens-100K: the live model learns the first nine tenths of the events; then
 * everything is trained afresh, and beside it incrementally from the live model. Both answer the same test.
 */
const LIVE_SHARE = 0.9;

const values = benchOptions({
  seed: { type: 'string', default: '1' },
  seconds: { type: 'string', default: '90' },
  data: { type: 'string', default: '../shared/data' },
});
const seed = wholeNumber('seed', values.seed);
const compute = onnxCompute({ threads: 1 });
await main();

async function main(): Promise<void> {
  const set = await loadRankingSet(
    RANKING_SETS['ml-100k'] as (typeof RANKING_SETS)[string],
    values.data,
    seed,
  );
  if (set === null) return void process.stdout.write('skipped: data not here\n');
  const { data, itemIds } = set;
  const since = momentAt(data.times ?? [])(LIVE_SHARE);
  const old = await trained('live', before(data, since), {});
  const model: RankerModel = { ...old.model, itemIds, manifest: { snapshot: '', seed, figures: {} } };
  const live = await serveRanker(model, compute);
  const everyItem = Int32Array.from(itemIds.keys());
  const rival = {
    until: since,
    score: (histories: readonly Int32Array[]) => live.scoreItems(histories, everyItem),
  };
  const full = await trained('full', data, { rival });
  const incremental = await trained('incremental', data, { rival, start: { model, since } });
  await live.dispose();
  reportBench('incremental', { ...figuresOf('full', full), ...figuresOf('incremental', incremental) }, seed);
}

async function trained(name: string, data: RankingData, more: Partial<TrainAllOptions>): Promise<TrainedAll> {
  const result = await trainAll(data, compute, {
    ...{ seed, budgetSeconds: wholeNumber('seconds', values.seconds), refit: true },
    ...{ recipe: { parts: ['itemknn', 'ease', 'trunk'] }, now: () => performance.now() },
    ...more,
  });
  process.stdout.write(`${name}: ${JSON.stringify(figuresOf(name, result))}\n`);
  return result;
}

function figuresOf(name: string, { reports, seconds, comparison }: TrainedAll): Record<string, number> {
  const contestants = reports[0]?.contestants;
  const training = (['trunk', 'ease', 'itemknn', 'popularity'] as const).map((part) => seconds[part] ?? 0);
  return {
    [`${name}.N10`]: contestants?.fusion?.N10 ?? 0,
    [`${name}.trunk.N10`]: contestants?.trunk?.N10 ?? 0,
    [`${name}.trunkSeconds`]: seconds.trunk ?? 0,
    [`${name}.trainingSeconds`]: training.reduce((sum, one) => sum + one, 0),
    ...(comparison && {
      [`${name}.newToLive.people`]: comparison.people,
      [`${name}.newToLive.N10`]: comparison.own,
      [`${name}.newToLive.liveN10`]: comparison.rival,
      [`${name}.gainOverLive.low`]: comparison.gain.low,
      [`${name}.gainOverLive.high`]: comparison.gain.high,
    }),
  };
}

function before(data: RankingData, until: number): RankingData {
  const kept = (data.times ?? []).map((own) => own.filter((at) => at <= until).length);
  return withRows(data, (own, person) => own.subarray(0, kept[person]));
}
