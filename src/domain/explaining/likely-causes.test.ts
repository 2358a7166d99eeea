import { likelyCauses } from './likely-causes.js';

const row = (...values: number[]) => Float32Array.from(values);

test('the nearest entries of the items are tried, and the newest two', () => {
  const resemblance = [row(0.9, 0), row(0, 0), row(0, 0.8), row(0.1, 0), row(0, 0), row(0, 0)];
  expect(likelyCauses(resemblance, 4)).toEqual([0, 2, 4, 5]);
});

test('where nothing resembles anything the newest are tried', () => {
  const nothing = Array.from({ length: 6 }, () => row(0, 0));
  expect(likelyCauses(nothing, 3)).toEqual([3, 4, 5]);
  expect(likelyCauses(nothing.slice(0, 1), 3)).toEqual([0]);
  expect(likelyCauses([], 3)).toEqual([]);
});
