import { type RankingData } from '../../src/domain/ranking/part.js';
import { seededRandom } from '../../src/domain/random.js';

/** Items of one colour. */
export const SIDE = 12;

/**
 * A world with a known answer: black items 0..11, white items 12..23. Everybody alternates colours, and always steps to the next
 * number: after black n comes white n + 1, after white n black n + 1.
 */
export const next = (item: number) => (((item % SIDE) + 1) % SIDE) + (item < SIDE ? SIDE : 0);

export function checkerboard(people: number): RankingData {
  const random = seededRandom('checkerboard');
  const sequences = Array.from({ length: people }, () => {
    const walk = [random.int(2 * SIDE)];
    while (walk.length < 8) walk.push(next(walk[walk.length - 1] ?? 0));
    return Int32Array.from(walk);
  });
  return { itemCount: 2 * SIDE, sequences };
}
