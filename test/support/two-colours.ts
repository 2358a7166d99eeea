import { seededRandom } from '../../src/domain/random.js';

/** Items of one colour. */
export const SIDE = 20;

/** Black items 0..19 and white items 20..39; everybody keeps to one colour. */
export function twoColours(people: number) {
  const random = seededRandom('two colours');
  const sequences = Array.from({ length: people }, (_, person) => {
    const own = new Set<number>();
    while (own.size < 8) own.add((person % 2) * SIDE + random.int(SIDE));
    return Int32Array.from(own);
  });
  return { itemCount: 2 * SIDE, sequences };
}
