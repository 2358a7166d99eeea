import { gini, halfTieRank, hitAt, listQuality, meanQuality, ndcgAt, reciprocalRank } from './metrics.js';

test('ties count half, in whichever order items are numbered', () => {
  const scores = Float32Array.of(5, 1, 3, 3, 3, 9);
  expect(halfTieRank(scores, 5)).toBe(0);
  expect(halfTieRank(scores, 0)).toBe(1);
  expect([2, 3, 4].map((target) => halfTieRank(scores, target))).toEqual([3, 3, 3]); // places 2, 3, 4
  expect(halfTieRank(new Float32Array(11), 4)).toBe(5);
});

test('removed items leave their places, but the target itself is never removed', () => {
  const scores = Float32Array.of(5, 1, 3, 3, 3, 9);
  expect(halfTieRank(scores, 2, [0, 5])).toBe(1);
  expect(halfTieRank(scores, 2, [3, 4, 2])).toBe(2);
});

test('recall, NDCG and reciprocal rank of known places', () => {
  expect([0, 4, 5].map((rank) => hitAt(rank, 5))).toEqual([1, 1, 0]);
  expect(ndcgAt(0, 10)).toBe(1);
  expect(ndcgAt(2, 10)).toBeCloseTo(0.5, 12); // 1 / log2(4)
  expect(ndcgAt(6, 10)).toBeCloseTo(1 / 3, 12); // 1 / log2(8)
  expect(ndcgAt(10, 10)).toBe(0);
  expect(reciprocalRank(3)).toBe(0.25);
  // ranks 0, 2, 7 and 30 of four people
  expect(meanQuality([0, 2, 7, 30])).toEqual({
    R5: 0.5,
    R10: 0.75,
    N5: (1 + 0.5) / 4,
    N10: (1 + 0.5 + 1 / Math.log2(9)) / 4,
    MRR: (1 + 1 / 3 + 1 / 8 + 1 / 31) / 4,
  });
  expect(meanQuality([]).R10).toBe(0);
});

test('Gini is 0 for equal shares and (n - 1) / n when one has all', () => {
  expect(gini(Float64Array.of(2, 2, 2))).toBe(0);
  expect(gini(Float64Array.of(0, 0, 0, 8))).toBe(0.75);
  expect(gini(Float64Array.of(1, 3))).toBe(0.25);
});

test('list quality: coverage, self-information, and how popular the shown items are', () => {
  // 4 items had by 8, 4, 4 and 1 of 8 people; item 0 shown three times, item 3 once
  const quality = listQuality(Float64Array.of(3, 0, 0, 1), [8, 4, 4, 1], 8);
  expect(quality.coverage).toBe(0.5);
  expect(quality.novelty).toBeCloseTo((3 * 0 + 1 * 3) / 4, 12); // -log2(8/8), -log2(1/8)
  expect(quality.meanPopularityRank).toBeCloseTo((3 * 0 + 3 / 4) / 4, 12);
});
