import { seededRandom } from '../random.js';
import { itemKnnPart, trainItemKnn } from './item-knn.js';

const sequences = [Int32Array.of(0, 1, 2), Int32Array.of(1, 0), Int32Array.of(2, 1, 1), Int32Array.of(3)];

test('counts people who had both, once each, and nobody twice', () => {
  const part = itemKnnPart(trainItemKnn({ itemCount: 5, sequences }));
  expect(part.neighbours(0, 1)).toBe(2);
  expect(part.neighbours(1, 0)).toBe(2);
  expect(part.neighbours(1, 2)).toBe(2); // the repeated 1 counts once
  expect(part.neighbours(0, 3)).toBe(0);
  expect(part.neighbours(1, 1)).toBe(0);
  expect([0, 1, 2, 3, 4].map((item) => part.support(item))).toEqual([2, 3, 2, 1, 0]);
});

test('the score is the cosine with shrinkage, halved for each step back', async () => {
  const part = itemKnnPart(trainItemKnn({ itemCount: 5, sequences }, { recency: 0.5, shrink: 1 }));
  const [scores] = await part.score([Int32Array.of(0, 2)]);
  const cosine = (together: number, a: number, b: number) => together / (Math.sqrt(a * b) + 1);
  expect(scores?.[1]).toBeCloseTo(cosine(2, 2, 3) + 0.5 * cosine(2, 2, 3), 6);
  expect(scores?.[0]).toBeCloseTo(cosine(1, 2, 2), 6);
  expect(scores?.[4]).toBe(0);
  expect((await part.score([new Int32Array()]))[0]).toEqual(new Float32Array(5));
});

test('agrees with counting all pairs one by one, in sparse and in dense rows', () => {
  const random = seededRandom('pairs');
  const people = Array.from({ length: 60 }, (_, p) =>
    Int32Array.from({ length: p % 10 === 0 ? 30 : 2 }, () => random.int(p % 10 === 0 ? 40 : 200)),
  );
  const part = itemKnnPart(trainItemKnn({ itemCount: 200, sequences: people }));
  const had = people.map((sequence) => new Set(sequence));
  const pairs = Array.from({ length: 200 * 200 }, (_, i) => [Math.floor(i / 200), i % 200] as const);
  const wrong = pairs.filter(([a, b]) => {
    const both = a === b ? 0 : had.filter((set) => set.has(a) && set.has(b)).length;
    return part.neighbours(a, b) !== both;
  });
  expect(wrong).toEqual([]);
});
