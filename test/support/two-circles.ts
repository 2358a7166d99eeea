import { type RankingData } from '../../src/domain/ranking/part.js';
import { seededRandom } from '../../src/domain/random.js';

/** Items of the world: 0..19 of the first crowd, 20..39 of the second. */
export const ITEMS = 40;

/** Two crowds, each walking round its own circle of 20 items; content says which crowd an item belongs to. */
export function twoCircles(): RankingData {
  const random = seededRandom('circles');
  const sequences = Array.from({ length: 120 }, (_, person) => {
    const base = person % 2 === 0 ? 0 : 20;
    const start = random.int(20);
    return Int32Array.from({ length: 7 }, (__, i) => base + ((start + i) % 20));
  });
  return { itemCount: ITEMS, sequences, content: { vectors: contentOf(ITEMS, (i) => i < 20), size: 8 } };
}

/** Content vectors that say which crowd each item belongs to. */
export function contentOf(count: number, isFirst: (item: number) => boolean): Float32Array {
  const random = seededRandom('content');
  const rows = Array.from({ length: count }, (_, item) => {
    const row = Array.from(
      { length: 8 },
      (__, c) => (c < 4 === isFirst(item) ? 1 : 0) + 0.2 * random.normal(),
    );
    const norm = Math.hypot(...row);
    return row.map((x) => x / norm);
  });
  return Float32Array.from(rows.flat());
}
