import type { Random } from '../random.js';

/** Standard normal numbers to cut batches of noise from. */
export interface NoisePool {
  /** `length` numbers in a row from a seeded place. */
  cut(length: number, random: Random): Float32Array;
}

/** Drawn once: Box–Muller for every step of a batch of 4,096 x 128 would take as long as the step itself. */
export function noisePool(longest: number, random: Random): NoisePool {
  const pool = Float32Array.from({ length: 2 * longest + 1 }, () => random.normal());
  return {
    cut(length, at) {
      const start = at.int(pool.length - length + 1);
      return pool.slice(start, start + length);
    },
  };
}
