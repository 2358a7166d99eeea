import type { FoundItem } from './beam-search.js';

/**
 * A log-probability for every item when only the likeliest were looked at: those keep theirs, and all others share alike the
 * probability that is left, but never more than the least likely item found. Sums to at most 1, and keeps the order of the head.
 */
export function spreadFound(found: readonly FoundItem[], itemCount: number): Float32Array {
  const left = 1 - found.reduce((sum, { logProb }) => sum + Math.exp(logProb), 0);
  const others = Math.max(1, itemCount - found.length);
  const floor = Math.log(Math.max(left, Number.EPSILON) / others);
  const scores = new Float32Array(itemCount).fill(Math.min(floor, found.at(-1)?.logProb ?? floor));
  for (const { item, logProb } of found) scores[item] = logProb;
  return scores;
}
