import { seededRandom } from '../random.js';
import { flowTimes, trainingTime } from './schedule.js';

test('times rise from the start to exactly 1', () => {
  const times = flowTimes(10, { start: 0.4 });
  expect(times[0]).toBeCloseTo(0.4);
  expect(times.at(-1)).toBe(1);
  times.slice(1).forEach((t, i) => expect(t).toBeGreaterThan(times[i] ?? NaN));
});

test('a shift spends more steps near the noise', () => {
  const early = (shift: number) => flowTimes(20, { shift }).filter((t) => t < 0.5).length;
  expect(early(2)).toBeGreaterThan(early(1));
});

test('training times are logit-normal: half of them under the logistic of the mean', () => {
  const random = seededRandom(1);
  const times = Array.from({ length: 4000 }, () => trainingTime(random));
  const median = 1 / (1 + Math.exp(0.9));
  expect(times.filter((t) => t < median).length / times.length).toBeCloseTo(0.5, 1);
  expect(times.every((t) => t > 0 && t < 1)).toBe(true);
});
