import { seededRandom } from '../random.js';
import { coldVectors, itemSpace } from './item-space.js';

test('a new item lands beside the items whose content it shares', () => {
  const random = seededRandom('space');
  const sequences = Array.from({ length: 200 }, (_, person) =>
    Int32Array.from({ length: 6 }, () => random.int(10) + (person % 2) * 10),
  );
  const rowOf = (kind: number) => {
    const row = Array.from({ length: 12 }, (_, c) => (c % 2 === kind ? 1 : 0) + 0.1 * random.normal());
    const norm = Math.hypot(...row);
    return row.map((x) => x / norm);
  };
  const vectors = Float32Array.from(Array.from({ length: 20 }, (_, i) => rowOf(i < 10 ? 0 : 1)).flat());
  const space = itemSpace({ itemCount: 20, sequences, content: { vectors, size: 12 } }, seededRandom(1));
  const cold = coldVectors(space, Float32Array.from(rowOf(1)));
  const similarity = (item: number) =>
    cold.reduce((s, x, c) => s + x * (space.vectors[item * space.size + c] ?? NaN), 0);
  const mean = (from: number) =>
    Array.from({ length: 10 }, (_, i) => similarity(from + i)).reduce((a, b) => a + b, 0) / 10;
  expect(mean(10)).toBeGreaterThan(mean(0) + 0.3);
});
