import { seededRandom } from '../random.js';
import { assertHealthyCodes, codeHealth } from './code-health.js';
import { assignSemanticIds, codesFor, MAX_SHARED, trainCodebooks } from './residual-kmeans.js';

const SIZE = 8;

/** Points around `clusters` far-apart centres, `clusters` known beforehand. */
function world(clusters: number, perCluster: number, noise: number) {
  const random = seededRandom('clusters');
  const centres = Array.from({ length: clusters }, () =>
    Array.from({ length: SIZE }, () => 10 * random.normal()),
  );
  const rows = centres.flatMap((centre) =>
    Array.from({ length: perCluster }, () => centre.map((x) => x + noise * random.normal())),
  );
  return Float32Array.from(rows.flat());
}

const identity = (n: number) => Int32Array.from({ length: n }, (_, i) => i);

test('the first level finds clusters that are there', () => {
  const vectors = world(8, 25, 0.1);
  const books = trainCodebooks(vectors, { size: SIZE, codes: 8, random: seededRandom(1) });
  const ids = assignSemanticIds(books, vectors, identity(200));
  const first = (item: number) => ids.digits[item * ids.levels];
  for (let c = 0; c < 8; c++) {
    for (let i = 0; i < 25; i++) expect(first(c * 25 + i)).toBe(first(c * 25));
  }
  expect(new Set(Array.from({ length: 8 }, (_, c) => first(c * 25))).size).toBe(8);
});

test('every item has its own id, also where vectors are equal', () => {
  const vectors = new Float32Array(40 * SIZE).fill(1).map((x, i) => (i < 20 * SIZE ? x : -x));
  const books = trainCodebooks(vectors, { size: SIZE, codes: 4, random: seededRandom(1) });
  const ids = assignSemanticIds(books, vectors, identity(40));
  const all = new Set(Array.from({ length: 40 }, (_, i) => ids.digits.subarray(i * 4, i * 4 + 4).join('.')));
  expect(all.size).toBe(40);
  expect(ids.radix[3]).toBeLessThanOrEqual(MAX_SHARED);
});

test('the same seed gives the same ids', () => {
  const vectors = world(6, 30, 1);
  const make = () =>
    assignSemanticIds(
      trainCodebooks(vectors, { size: SIZE, codes: 16, random: seededRandom(7) }),
      vectors,
      identity(180),
    ).digits;
  expect(make()).toEqual(make());
});

test('new items keep the ids of old ones', () => {
  const vectors = world(6, 30, 1);
  const books = trainCodebooks(vectors, { size: SIZE, codes: 16, random: seededRandom(7) });
  const old = assignSemanticIds(books, vectors, identity(180));
  const grown = assignSemanticIds(books, vectors.slice(0, 20 * SIZE), identity(20), old);
  expect(grown.itemCount).toBe(200);
  expect(grown.digits.slice(0, old.digits.length)).toEqual(old.digits);
  const all = new Set(
    Array.from({ length: 200 }, (_, i) => grown.digits.subarray(i * 4, i * 4 + 4).join('.')),
  );
  expect(all.size).toBe(200);
});

test('the number of codes follows the number of items', () => {
  expect([12101, 3706, 4000, 100, 3].map(codesFor)).toEqual([256, 128, 128, 32, 3]);
});

test('collapsed codes are refused, spread ones pass', () => {
  const collapsed = new Float32Array(64 * SIZE).fill(1).map((x, i) => x + (i % 7) * 1e-9);
  const books = trainCodebooks(collapsed, { size: SIZE, codes: 16, random: seededRandom(1) });
  const health = codeHealth(assignSemanticIds(books, collapsed, identity(64)), 3);
  expect(() => assertHealthyCodes(health)).toThrow(/collapsed/);
  const spread = world(16, 8, 3);
  const good = trainCodebooks(spread, { size: SIZE, codes: 16, random: seededRandom(1) });
  const goodHealth = codeHealth(assignSemanticIds(good, spread, identity(128)), 3);
  expect(() => assertHealthyCodes(goodHealth)).not.toThrow();
  expect(goodHealth.uniqueRate).toBeGreaterThan(0.9);
});
