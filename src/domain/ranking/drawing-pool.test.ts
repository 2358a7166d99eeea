import { seededRandom } from '../random.js';
import { drawingPool } from './drawing-pool.js';
import { EXPLORATION_RATE, explore } from './explore.js';

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

test('every free member is drawn once, and nothing else', () => {
  const pool = drawingPool(numbers(1000), (one) => one % 100 === 7, 10);
  const random = seededRandom(1);
  const drawn = numbers(10).map(() => pool.draw(random));
  expect(drawn.sort((a, b) => a - b)).toEqual(numbers(10).map((i) => 100 * i + 7));
  expect(pool.size()).toBe(0);
  expect(() => pool.draw(random)).toThrow('an empty one came');
});

test.each([
  ['most are free', 8, (one: number) => one < 8],
  ['few are free', 2, (one: number) => one === 3 || one === 400],
])('where %s each is drawn as often as another', (_, free, isFree) => {
  const random = seededRandom(2);
  const counts = new Map<number, number>();
  const draws = 4000;
  const all = free === 8 ? numbers(10) : numbers(500);
  for (let i = 0; i < draws; i++) {
    const one = drawingPool(all, isFree, free).draw(random);
    counts.set(one, (counts.get(one) ?? 0) + 1);
  }
  expect(counts.size).toBe(free);
  for (const count of counts.values())
    expect(Math.abs(count - draws / free)).toBeLessThan(0.15 * (draws / free));
});

test('a place is left to chance at the stated rate, its propensity by what was left, the first three never', () => {
  const ranked = numbers(2000).map((i) => `ranked ${i}`);
  const pool = drawingPool(numbers(5000), (one) => one % 2 === 0, 2500);
  const slots = explore(ranked, pool, (one) => `drawn ${one}`, seededRandom(3));
  const explored = slots.filter((slot) => slot.explored);
  expect(slots.slice(0, 3).map(({ propensity }) => propensity)).toEqual([1, 1, 1]);
  expect(explored.length / ranked.length).toBeCloseTo(EXPLORATION_RATE, 1);
  expect(new Set(explored.map(({ candidate }) => candidate)).size).toBe(explored.length);
  explored.forEach(({ propensity }, i) => expect(propensity).toBe(EXPLORATION_RATE / (2500 - i)));
  expect(slots.filter((slot) => !slot.explored).at(-1)?.propensity).toBe(1 - EXPLORATION_RATE);
});
