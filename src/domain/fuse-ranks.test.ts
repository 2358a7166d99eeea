import { fuseRanks } from './fuse-ranks.js';

test('what both lists have stands before what only one has, and the score of a first place in all is 1', () => {
  const fused = fuseRanks([
    ['a', 'b', 'c'],
    ['a', 'c', 'd'],
  ]);
  expect(fused.map(({ id }) => id)).toEqual(['a', 'c', 'b', 'd']);
  expect(fused[0]?.score).toBeCloseTo(1);
  expect(fused[3]?.score).toBeCloseTo((1 / 63) * (61 / 2));
});

test('no lists, no results', () => {
  expect(fuseRanks([])).toEqual([]);
  expect(fuseRanks([[], []])).toEqual([]);
});
