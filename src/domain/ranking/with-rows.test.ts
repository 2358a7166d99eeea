import type { RankingData } from './part.js';
import { withRows } from './with-rows.js';

const data: RankingData = {
  itemCount: 9,
  sequences: [Int32Array.of(1, 2, 3), Int32Array.of(4, 5)],
  times: [Float64Array.of(10, 20, 30), Float64Array.of(40, 50)],
  actions: [Int32Array.of(0, 1, 0), Int32Array.of(1, 0)],
};

test('items, times and actions of a person are cut alike', () => {
  const cut = withRows(data, (row, person) => row.subarray(person === 0 ? 1 : 0, 2));
  expect(cut.sequences).toEqual([Int32Array.of(2), Int32Array.of(4, 5)]);
  expect(cut.times).toEqual([Float64Array.of(20), Float64Array.of(40, 50)]);
  expect(cut.actions).toEqual([Int32Array.of(1), Int32Array.of(1, 0)]);
  expect(cut.itemCount).toBe(9);
});

test('what the data does not have is not made up', () => {
  const { itemCount, sequences } = data;
  expect(Object.keys(withRows({ itemCount, sequences }, (row) => row))).toEqual(['itemCount', 'sequences']);
});
