import { cosineSchedule, gentleSchedule, noisedRows, reverseTimes } from './noise-schedule.js';

const close = (found: ArrayLike<number>, wanted: readonly number[]) => {
  expect(found.length).toBe(wanted.length);
  wanted.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 5));
};

test('without an offset the cosine schedule is cos² of an eighth of a turn a step', () => {
  close(cosineSchedule(4, 0), [1, (2 + Math.SQRT2) / 4, 0.5, (2 - Math.SQRT2) / 4, 0]);
});

test('with the published offset half of the steps leave 49 % of signal', () => {
  const schedule = cosineSchedule(1000);
  expect([schedule[0], schedule[1000]]).toEqual([1, expect.closeTo(0, 12)]);
  expect(schedule[500]).toBeCloseTo(0.49384, 5); // cos²(0.79163) / cos²(0.012467)
});

test('the gentle schedule grows the noise by equal steps and drowns nothing', () => {
  close(gentleSchedule(3, { scale: 0.5, least: 0.2, most: 0.6 }), [1, 0.9, 0.8, 0.7]);
});

test('the way back is in equal strides, never more than there are steps of noise', () => {
  expect(reverseTimes(1000, 5)).toEqual([1000, 800, 600, 400, 200, 0]);
  expect(reverseTimes(1000, 1)).toEqual([1000, 0]);
  expect(reverseTimes(3, 10)).toEqual([3, 2, 1, 0]);
});

test('each row is noised at its own time: 0.8 x + 0.6 ε where 64 % is signal', () => {
  const schedule = Float64Array.of(1, 0.64);
  const clean = Float32Array.of(1, 2, 1, 2);
  close(noisedRows(clean, Float32Array.of(5, 5, 1, -1), { schedule, time: [0, 1] }), [1, 2, 1.4, 1]);
});
