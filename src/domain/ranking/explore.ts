import type { Random } from '../random.js';
import type { DrawingPool } from './drawing-pool.js';

export interface Slot<T> {
  readonly candidate: T;
  readonly explored: boolean;
  /** Probability of this candidate at this place under the policy. */
  readonly propensity: number;
}

/** One place in twenty; the first three are never given to chance, since a page is judged by them. */
export const EXPLORATION_RATE = 0.05;
const PROTECTED_PLACES = 3;

/**
 * ε-greedy by place: with probability ε a place is filled from the pool, uniformly, otherwise by the ranking.
 * New items enter through the pool, so each gets seen; the propensities allow honest evaluation later.
 * The pool may be the whole catalogue, so only what is drawn from it is made a candidate.
 */
export function explore<T, P>(
  ranked: readonly T[],
  pool: DrawingPool<P>,
  candidateOf: (drawn: P) => T,
  random: Random,
): Slot<T>[] {
  const rate = EXPLORATION_RATE;
  return ranked.map((candidate, place) => {
    const size = pool.size();
    if (place < PROTECTED_PLACES || size === 0) return { candidate, explored: false, propensity: 1 };
    if (random.next() >= rate) return { candidate, explored: false, propensity: 1 - rate };
    return { candidate: candidateOf(pool.draw(random)), explored: true, propensity: rate / size };
  });
}
