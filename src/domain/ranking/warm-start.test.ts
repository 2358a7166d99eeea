import { seededRandom } from '../random.js';
import type { ItemSpace } from '../semantic-ids/item-space.js';
import { warmItems } from './warm-start.js';

const ITEMS = 60;
const SIZE = 16;

/** Three groups of items; vectors of a group are alike. */
function groups(): ItemSpace {
  const random = seededRandom('groups');
  const rows = Array.from({ length: ITEMS }, (_, item) => {
    const row = Array.from({ length: SIZE }, (__, c) => (c % 3 === item % 3 ? 1 : 0) + 0.1 * random.normal());
    const norm = Math.hypot(...row);
    return row.map((x) => x / norm);
  });
  return { size: SIZE, itemCount: ITEMS, vectors: Float32Array.from(rows.flat()), content: null };
}

test.each([8, 16, 32])('items that are alike start alike, at width %i', (width) => {
  const table = warmItems(groups(), width, seededRandom(1))['items.weight'] ?? new Float32Array();
  const row = (i: number) => Array.from(table.subarray(i * width, (i + 1) * width));
  const cosine = (a: number[], b: number[]) =>
    a.reduce((s, x, c) => s + x * (b[c] ?? NaN), 0) / (Math.hypot(...a) * Math.hypot(...b));
  expect(table.length).toBe(ITEMS * width);
  expect(cosine(row(0), row(3))).toBeGreaterThan(cosine(row(0), row(1)) + 0.3);
  expect(Math.hypot(...row(7))).toBeCloseTo(Math.hypot(...row(8)), 4);
});
