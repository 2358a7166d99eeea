import { listFigures } from './list-figures.js';

const knowledge = {
  itemCount: 10,
  topicsOf: (item: number) => (item < 5 ? ['low'] : ['high', 'tall']),
  resemblance: (a: number, b: number) => (a === b ? 1 : 0.5),
};
const figuresOf = (list: number[], next: number[], seen: number[] = []) =>
  listFigures([{ list, next: new Set(next), seen: new Set(seen) }], knowledge);

test('by hand: one of two found at the second place', () => {
  const { hitRate, recall, ndcg, topics, distance, catalogue } = figuresOf([1, 7], [7, 8]);
  expect([hitRate, recall, topics, distance, catalogue]).toEqual([1, 0.5, 1, 0.5, 0.2]);
  expect(ndcg).toBeCloseTo(1 / Math.log2(3) / (1 + 1 / Math.log2(3)), 6);
});

test('nothing found, a topic missed', () => {
  const { hitRate, recall, ndcg, topics } = figuresOf([1, 2], [3, 8]);
  expect([hitRate, recall, ndcg]).toEqual([0, 0, 0]);
  expect(topics).toBeCloseTo(1 / 3, 6);
});

test('an item that comes twice or was had before is a repeat and is found once', () => {
  const { repeats, recall } = figuresOf([1, 1, 2, 3], [1, 9], [3]);
  expect([repeats, recall]).toEqual([0.5, 0.5]);
});

test('figures are means over people', () => {
  const one = { list: [1], next: new Set([1]), seen: new Set<number>() };
  expect(listFigures([one, { ...one, next: new Set([2]) }], knowledge)['hitRate']).toBe(0.5);
});
