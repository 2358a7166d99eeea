import type { Random } from '../random.js';

export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Enough that the 2.5 % points move by about 2 % of the interval's width. */
const RESAMPLES = 1000;

/** Mean difference a − b person by person, with its 95 % percentile bootstrap interval (Efron 1979). */
export function pairedInterval(a: Float64Array, b: Float64Array, random: Random): Interval {
  const differences = a.map((value, i) => value - (b[i] as number));
  const n = differences.length;
  if (n === 0) return { mean: 0, low: 0, high: 0 };
  const means = new Float64Array(RESAMPLES);
  for (let r = 0; r < RESAMPLES; r++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += differences[random.int(n)] as number;
    means[r] = sum / n;
  }
  means.sort();
  return {
    mean: differences.reduce((sum, value) => sum + value, 0) / n,
    low: means[Math.floor(RESAMPLES * 0.025)] as number,
    high: means[Math.ceil(RESAMPLES * 0.975) - 1] as number,
  };
}
