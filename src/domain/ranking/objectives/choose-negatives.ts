import type { Random } from '../../random.js';
import { topItems } from '../top-items.js';

/** The model's answers that self-play draws from; beyond them a softmax over cosines / 0.05 has next to no mass. */
const POOL = 100;

/** Items as the model itself would answer: drawn from its softmax without repeats (Gumbel top-k, Kool et al. 2019). */
export function ownAnswers(
  scores: Float32Array,
  count: number,
  { excluded, random }: { readonly excluded: ReadonlySet<number>; readonly random: Random },
): Int32Array {
  const pool = topItems(scores, POOL, excluded);
  const noisy = Float32Array.from(
    pool,
    (item) => (scores[item] as number) - Math.log(-Math.log(random.next() || Number.MIN_VALUE)),
  );
  return topItems(noisy, Math.min(count, pool.length)).map((place) => pool[place] as number);
}

/** Draws of a popular item before giving up: a person who had nearly everything has none left. */
const TRIES = 50;

/** Items in proportion to how often they were taken, without what this person took. */
export function popularOthers(
  sequences: readonly Int32Array[],
  count: number,
  { excluded, random }: { readonly excluded: ReadonlySet<number>; readonly random: Random },
): Int32Array {
  const found = new Set<number>();
  for (let tries = 0; tries < TRIES * count && found.size < count; tries++) {
    const sequence = sequences[random.int(sequences.length)] as Int32Array;
    const item = sequence[random.int(Math.max(1, sequence.length))];
    if (item !== undefined && !excluded.has(item)) found.add(item);
  }
  return Int32Array.from(found);
}
