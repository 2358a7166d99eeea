import type { Random } from '../random.js';

/** One of the options with a probability in proportion to its weight; undefined when every weight is 0. */
export function weightedChoice<T>(
  options: readonly T[],
  weightOf: (option: T) => number,
  random: Random,
): T | undefined {
  const weights = options.map(weightOf);
  let left = random.next() * weights.reduce((sum, weight) => sum + weight, 0);
  return options.find((_, i) => {
    const weight = weights[i] ?? 0;
    left -= weight;
    return weight > 0 && left < 0;
  });
}
