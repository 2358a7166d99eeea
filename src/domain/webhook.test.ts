import { seededRandom } from './random.js';
import { isGivenUp, nextTryAt, WEBHOOK_TRIES } from './webhook.js';

test('eight tries are spread over a day, no two deliveries alike', () => {
  const spans = new Set<number>();
  for (let seed = 0; seed < 100; seed++) {
    const random = seededRandom(seed);
    const start = new Date('2026-11-27T00:00:00Z');
    let [tries, now] = [0, start];
    for (;;) {
      tries += 1;
      const next = nextTryAt(tries, now, random);
      if (next === null) break;
      expect(next.getTime()).toBeGreaterThan(now.getTime());
      now = next;
    }
    expect(tries).toBe(WEBHOOK_TRIES);
    spans.add(now.getTime() - start.getTime());
  }
  const hours = [...spans].map((ms) => ms / 3_600_000);
  expect(spans.size).toBe(100);
  expect(Math.min(...hours)).toBeGreaterThan(18);
  expect(Math.max(...hours)).toBeLessThan(24);
});

test('an endpoint is given up after five days of failure', () => {
  const now = new Date('2026-11-27T00:00:00Z');
  expect(isGivenUp(new Date('2026-11-22T00:00:01Z'), now)).toBe(false);
  expect(isGivenUp(new Date('2026-11-22T00:00:00Z'), now)).toBe(true);
});
