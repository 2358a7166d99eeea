import { seededRandom } from '../random.js';
import { pairedInterval } from './paired-interval.js';

test('the interval of a mean is close to the normal one, and a sure difference excludes 0', () => {
  const random = seededRandom('interval');
  const b = Float64Array.from({ length: 900 }, () => random.normal());
  const a = b.map((value) => value + 0.1 + random.normal());
  const { mean, low, high } = pairedInterval(a, b, seededRandom(1));
  expect(mean - low).toBeCloseTo(1.96 / 30, 2); // deviation 1, 900 people
  expect(high - mean).toBeCloseTo(1.96 / 30, 2);
  const sure = pairedInterval(Float64Array.of(1, 1, 1), Float64Array.of(0, 0, 0), seededRandom(1));
  expect(sure).toEqual({ mean: 1, low: 1, high: 1 });
  expect(pairedInterval(new Float64Array(), new Float64Array(), seededRandom(1)).low).toBe(0);
});
