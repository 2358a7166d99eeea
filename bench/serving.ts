import { singlePartFusion } from '../src/domain/ranking/fusion.js';
import { PART_NAMES } from '../src/domain/ranking/part.js';
import { rankTogether } from '../src/domain/ranking/rank-together.js';
import { encodeRanker, type RankerModel } from '../src/domain/ranking/ranker-artefact.js';
import { serveRanker } from '../src/domain/ranking/ranker.js';
import type { RankQuestion, ServingRanker } from '../src/domain/ranking/serving-ranker.js';
import { type Random, seededRandom } from '../src/domain/random.js';
import { onnxCompute } from '../src/infra/compute/onnx-compute.js';
import { startRankingThread } from '../src/infra/compute/ranking-thread.js';
import { benchOptions } from './bench-options.js';
import { keptFigures, reportBench } from './bench-report.js';
import { measureEventToAnswer } from './event-to-answer.js';
import { measurePeak, quantile, timesOf } from './measure.js';
import { servingModel } from './serving-model.js';

const SEED = 1;
const HISTORY = 50;
const WARM_UPS = 50;
const REQUESTS = 500;
/** What the feed asks a ranker for, so that steering and diversity can choose. */
const CANDIDATES = 400;
const PEOPLE = 1000;

const values = benchOptions({
  artefact: { type: 'string', default: '.training/serving-ranker.bin' },
  data: { type: 'string', default: '../shared/data/amazon-beauty-2014' },
});
const compute = onnxCompute();
const model = await servingModel(compute, { ...values, seed: SEED });
const questions = questionsOf(model, seededRandom(SEED).fork('questions'));
const figures: Record<string, number> = { peakGflops: await measurePeak(compute, SEED) };
Object.assign(figures, await measureWhole(), await measureParts());
Object.assign(figures, await measureEventToAnswer(model, questions[0]?.history ?? new Int32Array()));
figures['peakGflopsAfter'] = await measurePeak(compute, SEED);
figures['serving.rssMb'] = process.resourceUsage().maxRSS / 1024;
reportBench('serving', { ...keptFigures('serving', (name) => !(name in figures)), ...figures }, SEED);

/** Histories of the full length, items by popularity: popular ones have the longest rows of EASE and ItemKNN. */
function questionsOf({ popularity: { counts } }: RankerModel, random: Random): RankQuestion[] {
  const upTo = new Float64Array(counts.length);
  counts.forEach((count, item) => (upTo[item] = (upTo[item - 1] ?? 0) + count));
  const draw = () => {
    const at = random.next() * (upTo.at(-1) ?? 0);
    return upTo.findIndex((sum) => sum > at);
  };
  return Array.from({ length: PEOPLE }, () => {
    const items = new Set<number>();
    while (items.size < HISTORY) items.add(draw());
    return { history: Int32Array.from(items), exclude: items };
  });
}

async function requestTimes(ranker: ServingRanker, length = HISTORY): Promise<number[]> {
  const ask = (i: number) => {
    const { history, exclude } = questions[i % PEOPLE] as RankQuestion;
    return ranker.rank(history.subarray(-length), exclude, CANDIDATES);
  };
  await timesOf(WARM_UPS, ask);
  return timesOf(REQUESTS, (i) => ask(i + WARM_UPS));
}

async function measureWhole(): Promise<Record<string, number>> {
  const ranker = await serveRanker(model, compute);
  const [long, short] = [await requestTimes(ranker), await requestTimes(ranker, 10)];
  await ranker.rankMany(questions.slice(0, 128), 20);
  const batch = await timesOf(3, () => ranker.rankMany(questions, 20));
  const thread = await startRankingThread(encodeRanker(model));
  await thread.rankMany(questions.slice(0, 128), 20);
  const together = await timesOf(3, () => rankTogether([ranker, thread], questions, 20));
  await Promise.all([thread.close(), ranker.dispose()]);
  return {
    rankP50Ms: quantile(long, 0.5),
    rankP99Ms: quantile(long, 0.99),
    rankLeastMs: quantile(long, 0),
    'rankP50Ms.history10': quantile(short, 0.5),
    batch1000Ms: quantile(batch, 0.5),
    batch1000LeastMs: quantile(batch, 0),
    'batch1000Ms.twoThreads': quantile(together, 0.5),
    'batch1000LeastMs.twoThreads': quantile(together, 0),
  };
}

/** Each part alone, as the ranker serves it: with normalisation and the choice of the best. */
async function measureParts(): Promise<Record<string, number>> {
  const parts: Record<string, number> = {};
  for (const name of PART_NAMES) {
    const ranker = await serveRanker({ ...model, fusion: singlePartFusion(name) }, compute);
    parts[`${name}.p50Ms`] = quantile(await requestTimes(ranker), 0.5);
    await ranker.dispose();
  }
  return parts;
}
