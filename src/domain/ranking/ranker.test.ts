import { contentOf, ITEMS, twoCircles } from '../../../test/support/two-circles.js';
import { onnxCompute } from '../../infra/compute/onnx-compute.js';
import { buildTrie } from '../semantic-ids/trie.js';
import { codeScorer } from './code-scorer.js';
import { easePart, trainEase } from './ease.js';
import { extendRanker } from './extend-ranker.js';
import type { Fusion } from './fusion.js';
import { generateSession, type NextItems } from './generate-session.js';
import { bucketOf, HISTORY_BUCKETS } from './history-buckets.js';
import { itemKnnPart, trainItemKnn } from './item-knn.js';
import { popularityPart, trainPopularity } from './popularity.js';
import { encodeRanker, type RankerModel } from './ranker-artefact.js';
import { loadRanker } from './ranker.js';
import { topItems } from './top-items.js';
import { codeRecipeFor, trainCodes } from './train-codes.js';
import { trainTrunk, trunkRecipeFor } from './train-trunk.js';
import { trunkScorer } from './trunk-scorer.js';

const compute = onnxCompute({ threads: 1 });

async function trained(): Promise<RankerModel> {
  const data = twoCircles();
  const quick = { rows: 8, learningRate: 1e-2, emaDecay: 0.9, maxEpochs: 4 };
  const trunkRecipe = trunkRecipeFor(data);
  const config = { ...trunkRecipe.config, width: 32, history: 8, dropout: 0 };
  const trunk = await trainTrunk(data, compute, { seed: 1 }, { ...trunkRecipe, ...quick, config });
  const codes = await trainCodes(data, compute, { seed: 1 }, { ...codeRecipeFor(data), ...quick, config });
  const parts = ['popularity', 'itemknn', 'ease', 'trunk', 'codes'] as const;
  const fusion: Fusion = {
    normalisation: 'z-score',
    parts,
    scales: [1, 1, 1, 1, 1],
    weights: HISTORY_BUCKETS.map(({ upTo }) => (upTo === 0 ? [1, 0, 0, 0, 0] : [0, 1, 0.5, 1, 1])),
  };
  const { ids, tokenizer, space } = codes.catalogue;
  await Promise.all([trunk.dispose(), codes.dispose()]);
  return {
    manifest: { snapshot: 'test', seed: 1, figures: { 'trunk.N10': trunk.validation } },
    itemIds: Array.from({ length: ITEMS }, (_, i) => `item-${i}`),
    fusion,
    popularity: trainPopularity(data),
    itemknn: trainItemKnn(data),
    ease: await trainEase(data, { lambda: 20, recency: 0.7 }),
    trunk: { config: trunk.config, weights: trunk.weights },
    codes: { model: codes.model, ids, tokenizer, space },
  };
}

const model = trained();
const opened = async () => loadRanker(encodeRanker(await model), compute);

test('an artefact answers with items of the crowd, without what is excluded, best first, parts adding up', async () => {
  const ranker = await opened();
  const ranked = await ranker.rank(Int32Array.of(3, 4, 5), new Set([3, 4, 5]), 6);
  expect(ranked.length).toBe(6);
  expect(ranked.every(({ item }) => ![3, 4, 5].includes(item))).toBe(true);
  expect(ranked.slice(0, 3).every(({ item }) => item < 20)).toBe(true);
  expect(ranked[0]?.item).toBe(6);
  ranked.forEach(({ score, parts }, i) => {
    expect(Object.values(parts).reduce((a, b) => a + b, 0)).toBeCloseTo(score, 3);
    expect(score).toBeLessThanOrEqual(ranked[i - 1]?.score ?? Infinity);
  });
  await ranker.dispose();
});

test('an empty history gets the popular items', async () => {
  const ranker = await opened();
  const ranked = await ranker.rank(new Int32Array(), new Set(), 5);
  const supports = Array.from({ length: ITEMS }, (_, i) => ranker.support(i)).sort((a, b) => b - a);
  expect(ranked.map(({ item }) => ranker.support(item))).toEqual(supports.slice(0, 5));
  await ranker.dispose();
});

test('scores of chosen items are those of the ranking, also for many histories at once', async () => {
  const ranker = await opened();
  const history = Int32Array.of(30, 31, 32);
  const ranked = await ranker.rank(history, new Set(), 3);
  const items = Int32Array.from(ranked, ({ item }) => item);
  const [alone, left] = await ranker.scoreItems([history, Int32Array.of(30, 32)], items);
  ranked.forEach(({ score }, i) => expect(alone?.[i]).toBeCloseTo(score, 3));
  expect(Array.from(left ?? [])).not.toEqual(Array.from(alone ?? []));
  await ranker.dispose();
});

test('leaving entries out gives what asking without them gives, where scales are fixed', async () => {
  const one = await model;
  const weights = HISTORY_BUCKETS.map(() => [0.5, 1, 2, 1, 1]);
  const scaled = { ...one, fusion: { ...one.fusion, normalisation: 'scaled' as const, weights } };
  const ranker = await loadRanker(encodeRanker(scaled), compute);
  const history = Int32Array.of(30, 31, 2, 32);
  const items = Int32Array.of(33, 3, 7, 35);
  const rows = await ranker.scoreWithout({ history, places: [2, 0], items, context: {} });
  const without = (left: number) => history.filter((_, place) => place !== left);
  const slow = await ranker.scoreItems([history, new Int32Array(), without(2), without(0)], items);
  expect(rows).toHaveLength(4);
  rows.forEach((row, r) => row.forEach((score, i) => expect(score).toBeCloseTo(slow[r]?.[i] as number, 3)));
  expect(rows[2]?.[1]).toBeLessThan(rows[0]?.[1] as number);
  await ranker.dispose();
});

test('leaving entries out is on the scale of the whole history', async () => {
  const ranker = await opened();
  const history = Int32Array.of(30, 31, 32);
  const ranked = await ranker.rank(history, new Set(), 3);
  const items = Int32Array.from(ranked, ({ item }) => item);
  const [whole, none, left] = await ranker.scoreWithout({ history, places: [2], items, context: {} });
  ranked.forEach(({ score }, i) => expect(whole?.[i]).toBeCloseTo(score, 3));
  ranked.forEach((_, i) => expect(none?.[i]).toBeLessThan(left?.[i] as number));
  await ranker.dispose();
});

test('an item that came after training gets a code at once and is ranked for the crowd it fits', async () => {
  const ranker = await opened();
  const grown = await ranker.addItems({ ids: ['new-a', 'new-b'], content: contentOf(2, (i) => i === 0) });
  expect(grown.itemIds.slice(ITEMS)).toEqual(['new-a', 'new-b']);
  expect(grown.semanticId(ITEMS)).toHaveLength(4);
  expect(grown.semanticId(ITEMS)).not.toEqual(grown.semanticId(ITEMS + 1));
  expect(grown.semanticId(0)).toEqual(ranker.semanticId(0));
  const [first] = await grown.scoreItems([Int32Array.of(1, 2, 3)], Int32Array.of(ITEMS, ITEMS + 1));
  expect(first?.[0]).toBeGreaterThan(first?.[1] ?? Infinity);
  const ranked = await grown.rank(Int32Array.of(ITEMS, ITEMS + 1), new Set(), ITEMS + 2);
  expect(ranked).toHaveLength(ITEMS + 2);
  await Promise.all([ranker.dispose(), grown.dispose()]);
});

/** Every score of every part by the shortest way there is, z-scored in double precision, added, and all items sorted. */
async function slowly(history: Int32Array, exclude: ReadonlySet<number>) {
  const { popularity, itemknn, ease, trunk, codes, fusion } = await model;
  if (!ease || !trunk || !codes) throw new Error('a part is missing');
  const reader = trunkScorer(compute, trunk.config, trunk.weights);
  const writer = await codeScorer(compute, codes.model, { ids: codes.ids, trie: buildTrie(codes.ids) });
  const parts = [popularityPart(popularity), itemKnnPart(itemknn), easePart(ease), reader, writer];
  const weights = fusion.weights[bucketOf(history.length)] ?? [];
  const sums = new Float64Array(ITEMS);
  for (const [p, part] of parts.entries()) {
    const scores = Float64Array.from((await part.score([history]))[0] ?? []);
    const mean = scores.reduce((a, b) => a + b, 0) / ITEMS;
    const deviation = Math.sqrt(scores.reduce((a, b) => a + (b - mean) ** 2, 0) / ITEMS);
    if (deviation < 1e-12) continue;
    scores.forEach(
      (score, i) => (sums[i] = (sums[i] ?? 0) + ((weights[p] ?? 0) * (score - mean)) / deviation),
    );
  }
  await Promise.all([reader.dispose(), writer.dispose()]);
  const items = [...sums.keys()].filter((item) => !exclude.has(item));
  return items
    .map((item) => ({ item, score: sums[item] ?? NaN }))
    .sort((a, b) => b.score - a.score || a.item - b.item);
}

const QUESTIONS = Array.from({ length: 60 }, (_, i) => ({
  history: Int32Array.from({ length: i % 10 }, (__, j) => (i * 7 + j) % ITEMS),
  exclude: new Set(Array.from({ length: i % 4 }, (__, j) => (i + 11 * j) % ITEMS)),
}));

test('the fast path answers as the slow reference, one by one and for many at once', async () => {
  const ranker = await opened();
  const together = await ranker.rankMany(QUESTIONS, 7);
  expect(together).toHaveLength(QUESTIONS.length);
  for (const [i, { history, exclude }] of QUESTIONS.entries()) {
    const alone = await ranker.rank(history, exclude, 7);
    expect(together[i]?.map(({ item }) => item)).toEqual(alone.map(({ item }) => item));
    alone.forEach(({ score }, place) => expect(together[i]?.[place]?.score).toBeCloseTo(score, 4));
    if (i % 6 !== 5) continue;
    const expected = (await slowly(history, exclude)).slice(0, 7);
    expect(alone.map(({ item }) => item)).toEqual(expected.map(({ item }) => item));
    alone.forEach(({ score }, place) => expect(score).toBeCloseTo(expected[place]?.score ?? NaN, 4));
  }
  await ranker.dispose();
});

test('questions at the same time do not disturb one another', async () => {
  const ranker = await opened();
  const asked = QUESTIONS.slice(0, 12);
  const one = [];
  for (const { history, exclude } of asked) one.push(await ranker.rank(history, exclude, 7));
  const [many, ...all] = await Promise.all([
    ranker.rankMany(asked, 7),
    ...asked.map(({ history, exclude }) => ranker.rank(history, exclude, 7)),
  ]);
  expect(all).toEqual(one);
  expect(many.map((list) => list.map(({ item }) => item))).toEqual(
    one.map((list) => list.map(({ item }) => item)),
  );
  await ranker.dispose();
});

test('an event more gives the answer of a ranker that never saw the history before', async () => {
  const [warm, fresh] = [await opened(), await opened()];
  for (let length = 1; length < 8; length++) {
    const history = Int32Array.from({ length }, (_, i) => i);
    const [a, b] = [await warm.rank(history, new Set(), 5), await fresh.rank(history, new Set(), 5)];
    expect(a).toEqual(b);
    await warm.rank(Int32Array.of(...history, 30), new Set(), 5);
  }
  await Promise.all([warm.dispose(), fresh.dispose()]);
});

test('a session of the codes goes on round the circle, without a repeat and without what may not be shown', async () => {
  const ranker = await opened();
  const excluded = new Set([1, 2, 3, 5, ...Array.from({ length: 20 }, (_, i) => 20 + i)]);
  const options = { length: 8, excluded, resemblance: () => 0 };
  const start = { history: Int32Array.of(1, 2, 3), context: {} };
  const session = await generateSession(ranker.generate as NextItems, start, options);
  const items = session.map(({ item }) => item);
  expect(items).toHaveLength(8);
  expect(new Set(items).size).toBe(8);
  expect(items.some((item) => excluded.has(item))).toBe(false);
  expect(items[0]).toBe(4);
  await ranker.dispose();
});

test('beams, drafts and exact scoring agree on the top of the list, whichever is picked', async () => {
  const { codes } = await model;
  if (codes === null) throw new Error('the codes were not trained');
  const catalogue = { ids: codes.ids, trie: buildTrie(codes.ids) };
  const histories = [Int32Array.of(3, 4, 5), Int32Array.of(30, 31), new Int32Array()];
  const [exact, ...others] = await Promise.all(
    (['exact', 'beam', 'draft'] as const).map(async (decoding) => {
      const scorer = await codeScorer(compute, codes.model, { ...catalogue, decoding });
      const scores = await scorer.score(histories);
      await scorer.dispose();
      return scores;
    }),
  );
  for (const other of others) {
    [0, 1].forEach((h) => {
      const top = topItems(exact?.[h] ?? new Float32Array(), 10);
      expect(topItems(other[h] ?? new Float32Array(), 10)).toEqual(top);
      top.forEach((item) => expect(other[h]?.[item]).toBeCloseTo(exact?.[h]?.[item] ?? NaN, 3));
    });
    expect(new Set(other[2]).size).toBe(1); // nothing was done, nothing is preferred
  }
});

test('a ranker that was made to draft finds what exact scoring finds, in lists and in sessions', async () => {
  const exact = await opened();
  const manifest = { ...(await model).manifest, recipe: { decoding: 'draft' } as const };
  const drafting = await loadRanker(encodeRanker({ ...(await model), manifest }), compute);
  const taken = new Set([4, 5, 33]);
  for (const history of [Int32Array.of(3), Int32Array.of(31, 32), Int32Array.of(8, 9, 10)]) {
    const wanted = await exact.generate?.({ history, context: {} }, taken, 12);
    const found = await drafting.generate?.({ history, context: {} }, taken, 12);
    expect(found).toHaveLength(12);
    expect(found?.map(({ item }) => item)).toEqual(wanted?.map(({ item }) => item));
    const [best, first] = [await exact.rank(history, taken, 5), await drafting.rank(history, taken, 5)];
    expect(first.map(({ item }) => item)).toEqual(best.map(({ item }) => item));
  }
  await Promise.all([exact.dispose(), drafting.dispose()]);
});

test('bytes of anything else are refused', async () => {
  await expect(Promise.resolve().then(() => loadRanker(new Uint8Array(100), compute))).rejects.toThrow(
    'not a ranker artefact',
  );
});

test('new items do not make a ranker forget the window that its popularity was chosen with', async () => {
  const chosen = { ...(await model).popularity, windowSeconds: 604_800 };
  const grown = extendRanker(
    { ...(await model), popularity: chosen },
    { ids: ['new'], content: contentOf(1, () => true) },
  );
  expect(grown.popularity).toMatchObject({ windowSeconds: 604_800 });
  expect(grown.popularity.counts).toHaveLength(ITEMS + 1);
});
