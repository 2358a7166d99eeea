import { join } from 'node:path';
import { singlePartFusion } from '../../src/domain/ranking/fusion.js';
import { trainItemKnn } from '../../src/domain/ranking/item-knn.js';
import { trainPopularity } from '../../src/domain/ranking/popularity.js';
import { rankTogether } from '../../src/domain/ranking/rank-together.js';
import { encodeRanker, type RankerModel } from '../../src/domain/ranking/ranker-artefact.js';
import { loadRanker } from '../../src/domain/ranking/ranker.js';
import { rankBeside } from '../../src/flow/rank-beside.js';
import { onnxCompute } from '../../src/infra/compute/onnx-compute.js';
import type * as RankingThreads from '../../src/infra/compute/ranking-thread.js';
import { ITEMS, twoCircles } from '../support/two-circles.js';

/** A thread runs what was built: Node reads no TypeScript. */
const BUILT = join(process.cwd(), 'dist', 'src', 'infra', 'compute', 'ranking-thread.js');
const { startRankingThread } = (await import(BUILT)) as typeof RankingThreads;

const data = twoCircles();
/** Parts that train in no time; what a thread does with the others is the ranker's business. */
const model: RankerModel = {
  manifest: { snapshot: 'test', seed: 1, figures: {} },
  itemIds: Array.from({ length: ITEMS }, (_, i) => `item-${i}`),
  fusion: { ...singlePartFusion('itemknn'), normalisation: 'z-score' },
  popularity: trainPopularity(data),
  itemknn: trainItemKnn(data),
  ease: null,
  trunk: null,
  codes: null,
};
const questions = Array.from({ length: 150 }, (_, i) => ({
  history: Int32Array.from({ length: i % 9 }, (__, j) => (i + 3 * j) % ITEMS),
  exclude: new Set([i % ITEMS]),
  context: {},
}));

test('a thread and the ranker together give the answers of the ranker alone, in order', async () => {
  const ranker = await loadRanker(encodeRanker(model), onnxCompute({ threads: 1 }));
  const alone = await ranker.rankMany(questions, 5);
  const thread = await startRankingThread(encodeRanker(model));
  expect(await thread.rankMany(questions, 5)).toEqual(alone);
  expect(await rankTogether([ranker, thread], questions, 5)).toEqual(alone);
  await Promise.all([thread.close(), ranker.dispose()]);
});

test('a thread that ends fails what it was asked, and bytes of anything else do not open', async () => {
  const thread = await startRankingThread(encodeRanker(model));
  const asked = thread.rankMany(questions, 5);
  await thread.close();
  await expect(asked).rejects.toThrow('the ranking thread has ended');
  await expect(startRankingThread(new Uint8Array(64))).rejects.toThrow(/not a ranker|artefact/);
});

test('many questions open a thread that then takes its share; another ranker and few questions rank alone', async () => {
  let shared = 0;
  let isOpen: () => void = () => undefined;
  const open = new Promise<void>((resolve) => (isOpen = resolve));
  const beside = rankBeside({
    log: () => undefined,
    async rankingThread(artefact) {
      const thread = await startRankingThread(artefact);
      setImmediate(isOpen);
      return { ...thread, rankMany: (own, k) => ((shared += own.length), thread.rankMany(own, k)) };
    },
  });
  const compute = onnxCompute({ threads: 1 });
  const [ranker, other] = [
    await loadRanker(encodeRanker(model), compute),
    await loadRanker(encodeRanker(model), compute),
  ];
  const alone = await ranker.rankMany(questions, 5);
  expect(await beside.rankMany(ranker, questions.slice(0, 20), 5)).toEqual(alone.slice(0, 20));
  expect(await beside.rankMany(ranker, questions, 5)).toEqual(alone);
  await open;
  expect(shared).toBe(0);
  expect(await beside.rankMany(ranker, questions, 5)).toEqual(alone);
  expect(shared).toBe(75);
  expect(await beside.rankMany(other, questions, 5)).toEqual(alone);
  expect(shared).toBe(75);
  await beside.close();
  await Promise.all([ranker.dispose(), other.dispose()]);
});

test('a thread that cannot be opened leaves the ranker to rank alone, and says so', async () => {
  const said: string[] = [];
  const beside = rankBeside({
    log: (event) => said.push(event),
    rankingThread: () => Promise.reject(new Error('no memory')),
  });
  const ranker = await loadRanker(encodeRanker(model), onnxCompute({ threads: 1 }));
  const alone = await ranker.rankMany(questions, 5);
  expect(await beside.rankMany(ranker, questions, 5)).toEqual(alone);
  await beside.close();
  expect(said).toEqual(['ranking-thread-not-opened']);
  await ranker.dispose();
});
