import { seededRandom } from '../random.js';
import { fitFusions } from './fit-fusions.js';
import { fuse, singlePartFusion } from './fusion.js';
import { NORMALISATIONS, normaliseScores } from './normalise-scores.js';
import type { PartName, RankingPart } from './part.js';
import { PROTOCOLS, type Question } from './protocols.js';

const ITEMS = 300;
const random = seededRandom('fusion');

/** Two thirds of the people have a short history, one third a long one; the answer is item (first + length) of the history. */
const questions: Question[] = Array.from({ length: 1000 }, (_, person) => {
  const length = person % 3 === 0 ? 30 : 3;
  const history = Int32Array.from({ length }, (__, i) => (person * 7 + i * 11) % ITEMS);
  return { person, history, target: (person * 13 + 5) % ITEMS };
});
const targets = new Map(questions.map(({ history, target }) => [history.join(), target]));

/** Knows the answer of the people it understands, most of the time; noise otherwise. */
function part(name: PartName, understands: (history: Int32Array) => boolean): RankingPart {
  const scoreOf = (history: Int32Array) => {
    const scores = Float32Array.from({ length: ITEMS }, () => random.next());
    if (understands(history) && random.next() < 0.8) scores[targets.get(history.join()) ?? 0] = 1.5;
    return scores;
  };
  return { name, score: (histories) => Promise.resolve(histories.map(scoreOf)) };
}

test('each bucket listens to the part that understands it, and noise gets weight 0', async () => {
  const parts = [
    part('popularity', () => false),
    part('itemknn', (history) => history.length < 10),
    part('trunk', (history) => history.length > 10),
  ];
  const options = { parts, protocols: [PROTOCOLS.A2], newcomers: 'popularity' as const };
  const [fitted] = await fitFusions(questions, options, seededRandom(1));
  if (fitted === undefined) throw new Error('one fusion per protocol was wanted, none came');
  const { fusion, validation } = fitted;
  const [short, long] = [fusion.weights[1] ?? [], fusion.weights[3] ?? []];
  expect(short[1]).toBeGreaterThan(0);
  expect(short[1]).toBeGreaterThan(4 * (short[2] ?? 0));
  expect(long[2]).toBeGreaterThan(4 * (long[1] ?? 0));
  expect([short[0], long[0]]).toEqual([0, 0]);
  expect(fusion.weights[0]).toEqual([1, 0, 0]); // nobody without a history was asked: popularity it is
  expect(validation).toBeGreaterThan(0.7);
});

/** Newcomers are understood by the trend, and each length of history by another part; most buckets are too small to climb in. */
test('no bucket ends below the best of its parts, however the people are spread', async () => {
  const lengths = [0, 0, 0, 3, 10, 10, 50, 50, 50, 150];
  const asked: Question[] = Array.from({ length: 1200 }, (_, person) => {
    const length = lengths[person % lengths.length] as number;
    const history = Int32Array.from({ length }, (__, i) => (person * 7 + i * 11) % ITEMS);
    return { person, history, target: length === 0 ? 7 : (person * 17 + 3) % ITEMS };
  });
  for (const { history, target } of asked) targets.set(history.join(), target);
  const parts = [
    part('popularity', () => false),
    part('trend', ({ length }) => length === 0),
    part('itemknn', ({ length }) => length > 0 && length < 20),
    part('ease', ({ length }) => length >= 20 && length < 100),
    part('trunk', ({ length }) => length >= 50),
  ];
  const options = { parts, protocols: [PROTOCOLS.A2], newcomers: 'popularity' as const };
  const [fitted] = await fitFusions(asked, options, seededRandom(2));
  expect(fitted?.buckets.map(({ label, questions: count }) => [label, count])).toEqual([
    ['0', 360],
    ['1-5', 120],
    ['6-20', 240],
    ['21-100', 360],
    ['>100', 120],
  ]);
  for (const { fusion, best } of fitted?.buckets ?? []) expect(fusion).toBeGreaterThanOrEqual(best.N10);
  expect(fitted?.buckets[0]?.best.part).toBe('trend');
  expect(fitted?.fusion.weights[0]?.[0]).toBe(0); // newcomers were asked, so popularity is no rule any more
});

test('the fused score is the sum of its terms', () => {
  const fusion = {
    ...singlePartFusion('ease'),
    parts: ['ease', 'codes'] as const,
    scales: [2, 4],
    weights: [[], [3, 1]],
  };
  const scores = { ease: Float32Array.of(2, 4), codes: Float32Array.of(4, -8) };
  const fused = fuse(fusion, scores, 4);
  expect([fused.partsOf(0), fused.partsOf(1)]).toEqual([
    { ease: 3, codes: 1 },
    { ease: 6, codes: -2 },
  ]);
  expect(fused.scores).toEqual(Float32Array.of(4, 4));
  expect(scores.ease).toEqual(Float32Array.of(2, 4)); // untouched
});

test('every normalisation keeps the order, and a part that knows nothing says nothing', () => {
  const scores = Float32Array.of(3, -1, 7, 7, 0);
  for (const kind of NORMALISATIONS) {
    const normal = normaliseScores(scores, kind, 2);
    expect(normal[2]).toBe(normal[3]);
    expect((normal[2] ?? 0) > (normal[0] ?? 0) && (normal[0] ?? 0) > (normal[4] ?? 0)).toBe(true);
    expect(normaliseScores(new Float32Array(4), kind, 2)).toEqual(new Float32Array(4));
  }
});

test('reciprocal ranks of a large catalogue are those of sorting it, ties in the middle, the tail at 0', () => {
  const scores = Float32Array.from({ length: 3000 }, () => Math.round(900 * random.next()) / 900);
  const sorted = [...scores].sort((a, b) => b - a);
  const floor = sorted[499] ?? 0;
  const ranks = normaliseScores(scores, 'reciprocal-rank', 1);
  const expected = Float32Array.from(scores, (score) => {
    const middle = (sorted.indexOf(score) + sorted.lastIndexOf(score)) / 2;
    return score > floor ? 1 / (middle + 20) : 0;
  });
  ranks.forEach((rank, i) => expect(rank).toBeCloseTo(expected[i] ?? NaN, 6));
});
