import { onnxCompute } from '../../infra/compute/onnx-compute.js';
import { seededRandom } from '../random.js';
import { computeTileProduct } from './compute-tile-product.js';
import { easePart, trainEase } from './ease.js';
import type { RankingData } from './part.js';
import { entryAt, invertInPlace, tiledIdentity, tileIndex } from './symmetric-inverse.js';
import { StoppedError } from './watch.js';

/** Inverse by Gauss–Jordan with pivoting on plain arrays: slow, and easy to believe. */
function naiveInverse(matrix: readonly (readonly number[])[]): number[][] {
  const n = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let k = 0; k < n; k++) {
    const best = rows.findIndex(
      (row, i) =>
        i >= k && Math.abs(row[k] ?? 0) === Math.max(...rows.slice(k).map((r) => Math.abs(r[k] ?? 0))),
    );
    [rows[k], rows[best]] = [rows[best] ?? [], rows[k] ?? []];
    const pivot = rows[k]?.[k] ?? NaN;
    rows[k] = (rows[k] ?? []).map((x) => x / pivot);
    rows.forEach((row, i) => {
      if (i !== k) rows[i] = row.map((x, j) => x - (row[k] ?? 0) * (rows[k]?.[j] ?? 0));
    });
  }
  return rows.map((row) => row.slice(n));
}

function world(items: number, people: number): RankingData {
  const random = seededRandom('ease');
  const sequences = Array.from({ length: people }, () =>
    Int32Array.from({ length: 2 + random.int(6) }, () => random.int(items)),
  );
  return { itemCount: items, sequences };
}

function naiveEase({ itemCount, sequences }: RankingData, lambda: number): number[][] {
  const sets = sequences.map((sequence) => new Set(sequence));
  const gram = Array.from({ length: itemCount }, (_, i) =>
    Array.from({ length: itemCount }, (__, j) => {
      return sets.filter((set) => set.has(i) && set.has(j)).length + (i === j ? lambda : 0);
    }),
  );
  const p = naiveInverse(gram);
  return p.map((row, h) => row.map((x, j) => (h === j ? 0 : -x / (p[j]?.[j] ?? NaN))));
}

test('the blocked sweep inverts what Gauss-Jordan inverts, also when the last tile is padded', async () => {
  const random = seededRandom('spd');
  const matrix = tiledIdentity(11, 4);
  for (let i = 0; i < 11; i++) {
    for (let j = 0; j <= i; j++) {
      const value = i === j ? 6 + random.next() : random.next() - 0.5;
      const set = (r: number, c: number) => {
        const tile = matrix.tiles[tileIndex(Math.floor(r / 4), Math.floor(c / 4))] as Float32Array;
        tile[(r % 4) * 4 + (c % 4)] = value;
      };
      set(i, j);
      if (Math.floor(i / 4) === Math.floor(j / 4)) set(j, i);
    }
  }
  const dense = Array.from({ length: 11 }, (_, i) =>
    Array.from({ length: 11 }, (__, j) => entryAt(matrix, i, j)),
  );
  await invertInPlace(matrix);
  naiveInverse(dense).forEach((row, i) => {
    row.forEach((x, j) => expect(entryAt(matrix, i, j)).toBeCloseTo(x, 5));
  });
});

test.each([
  ['the plain loop', undefined],
  ['the compute runtime', computeTileProduct(onnxCompute({ threads: 1 })).product],
])('EASE agrees with a naive dense solve on %s', async (_, product) => {
  const data = world(23, 80);
  const expected = naiveEase(data, 5);
  const model = await trainEase(data, { lambda: 5, recency: 0.7, keep: 23, ...(product && { product }) });
  const scores = await easePart(model).score([Int32Array.of(3), Int32Array.of(3, 8)]);
  expected[3]?.forEach((x, j) => expect(scores[0]?.[j]).toBeCloseTo(x, 5));
  expected[8]?.forEach((x, j) => expect(scores[1]?.[j]).toBeCloseTo(x + 0.7 * (expected[3]?.[j] ?? 0), 5));
});

test('pruning keeps the strongest weights of each column', async () => {
  const data = world(23, 80);
  const expected = naiveEase(data, 5);
  const { weights } = await trainEase(data, { lambda: 5, recency: 1, keep: 4 });
  expect(weights.values).toHaveLength(4 * 23);
  for (let j = 0; j < 23; j++) {
    const strongest = expected
      .map((row, h) => ({ h, size: Math.abs(row[j] ?? 0) }))
      .sort((a, b) => b.size - a.size)
      .slice(0, 4)
      .map(({ h }) => h);
    const kept = Array.from({ length: 23 }, (_, h) => h).filter((h) => {
      const row = weights.columns.subarray(weights.rowStart[h], weights.rowStart[h + 1]);
      return row.includes(j);
    });
    expect(kept).toEqual(strongest.sort((a, b) => a - b));
  }
});

test('above the size limit only the most frequent items take part', async () => {
  const sequences = [Int32Array.of(0, 1), Int32Array.of(0, 1), Int32Array.of(0, 2), Int32Array.of(1, 0)];
  const model = await trainEase({ itemCount: 4, sequences }, { lambda: 1, recency: 1, maxItems: 2 });
  const [scores] = await easePart(model).score([Int32Array.of(0)]);
  expect(scores?.[1]).toBeGreaterThan(0);
  expect([scores?.[2], scores?.[3]]).toEqual([0, 0]);
});

test('stops when asked', async () => {
  const watch = { report: () => undefined, isStopped: () => true };
  await expect(trainEase(world(5, 9), { lambda: 1, recency: 1, watch })).rejects.toThrow(StoppedError);
});
