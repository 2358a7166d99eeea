import { likelyCauses } from './likely-causes.js';

const row = (...values: number[]) => Float32Array.from(values);

test('the entries that give most to all items are tried, whatever they take from others', () => {
  const guess = [row(0.9, -5), row(0, 0), row(0, 0.8), row(0.3, 0.3), row(0.1, 0), row(0, 0)];
  expect(likelyCauses(guess, 3)).toEqual([0, 2, 3]);
});

test('where nothing gives anything the newest are tried', () => {
  const nothing = Array.from({ length: 6 }, () => row(0, 0));
  expect(likelyCauses(nothing, 3)).toEqual([3, 4, 5]);
  expect(likelyCauses(nothing.slice(0, 1), 3)).toEqual([0]);
  expect(likelyCauses([], 3)).toEqual([]);
});
