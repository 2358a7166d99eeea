import { seededRandom } from '../../src/domain/random.js';
import { frechetDistance } from './frechet-distance.js';

const cloud = (seed: string, mean: number, deviation: number) => {
  const random = seededRandom(seed);
  return Array.from({ length: 4000 }, () => [
    mean + deviation * random.normal(),
    2 * random.normal(),
    random.normal(),
  ]);
};

test('a set is at no distance from itself, and a moved one at the square of its move', () => {
  const rows = cloud('a', 0, 1);
  expect(frechetDistance(rows, rows)).toBeCloseTo(0, 8);
  const moved = rows.map(([x = 0, y = 0, z = 0]) => [x + 3, y, z]);
  expect(frechetDistance(rows, moved)).toBeCloseTo(9, 6);
});

test('of normal sets in one direction: (μ − μ′)² + (σ − σ′)²', () => {
  expect(frechetDistance(cloud('b', 0, 1), cloud('c', 1, 4))).toBeCloseTo(1 + 9, 0);
});
