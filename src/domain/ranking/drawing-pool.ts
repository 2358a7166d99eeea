import type { Random } from '../random.js';

/** What is drawn from without being put back, every member with the same probability. */
export interface DrawingPool<T> {
  /** Members that are left. */
  size(): number;
  /** Takes one out; throws when none is left. */
  draw(random: Random): T;
}

/** After so many misses in a row the free ones are rare, and a list of them is made. */
const TRIES = 32;

/**
 * The free ones among many, `free` of them; `all` holds nothing twice. Nothing is listed: of a catalogue in which most is free, one
 * draw hits as a rule, and a page draws ten of 12,000.
 */
export function drawingPool<T>(all: readonly T[], isFree: (one: T) => boolean, free: number): DrawingPool<T> {
  const drawn = new Set<T>();
  const isLeft = (one: T) => !drawn.has(one) && isFree(one);
  const chosenBy = (random: Random): T => {
    for (let i = 0; i < TRIES; i++) {
      const one = all[random.int(all.length)] as T;
      if (isLeft(one)) return one;
    }
    const left = all.filter(isLeft);
    if (left.length === 0) throw new Error('a pool with members was wanted, an empty one came');
    return left[random.int(left.length)] as T;
  };
  return {
    size: () => free - drawn.size,
    draw(random) {
      const one = chosenBy(random);
      drawn.add(one);
      return one;
    },
  };
}
