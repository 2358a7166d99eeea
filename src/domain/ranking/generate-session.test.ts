import fc from 'fast-check';
import { generateSession, type NextItems, type SessionHistory } from './generate-session.js';

const ITEMS = 12;
/** After item n most people take n + 1; everything else is ten times as unlikely per step away. */
const circle: NextItems = ({ history }, taken, few) => {
  const last = history[history.length - 1] ?? 0;
  const all = Array.from({ length: ITEMS }, (_, item) => ({
    item,
    logProb: -((item - last - 1 + 2 * ITEMS) % ITEMS),
  }));
  const free = all.filter(({ item }) => !taken.has(item)).sort((a, b) => b.logProb - a.logProb);
  return Promise.resolve(free.slice(0, few));
};

const after = (item: number): SessionHistory => ({ history: Int32Array.of(item), context: {} });

test('each item follows the one before it: a walk, where a top list would stay in one place', async () => {
  const session = await generateSession(circle, after(3), {
    length: 4,
    excluded: new Set([6]),
    resemblance: () => 0,
  });
  expect(session.map(({ item }) => item)).toEqual([4, 5, 7, 8]);
});

test('what resembles the last ones waits, unless it is much likelier', async () => {
  const options = { length: 2, excluded: new Set<number>() };
  const items = async (resemblance: (a: number, b: number) => number) =>
    (await generateSession(circle, after(3), { ...options, resemblance })).map(({ item }) => item);
  expect(await items((a, b) => (a + b === 9 ? 1 : 0))).toEqual([4, 6]); // 5 is like 4
  expect(await items((a, b) => (a + b === 9 ? 0.4 : 0))).toEqual([4, 5]);
});

test('never repeats, never shows what is excluded, and ends where nothing is left', async () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 0, max: ITEMS - 1 }), { maxLength: ITEMS });
  await fc.assert(
    fc.asyncProperty(numbers, fc.integer({ min: 0, max: 20 }), async (hidden, length) => {
      const excluded = new Set(hidden);
      const session = await generateSession(circle, after(0), {
        ...{ length, excluded },
        resemblance: (a, b) => (a % 3 === b % 3 ? 1 : 0),
      });
      const items = session.map(({ item }) => item);
      expect(new Set(items).size).toBe(items.length);
      expect(items.some((item) => excluded.has(item))).toBe(false);
      expect(items.length).toBe(Math.min(length, ITEMS - excluded.size));
    }),
  );
});

test('each item is asked for with the times and actions so far, as if the one before it had been taken now', async () => {
  const asked: SessionHistory[] = [];
  const listening: NextItems = (read, taken, few) => {
    asked.push(read);
    return circle(read, taken, few);
  };
  const context = { times: Float64Array.of(100), actions: Int32Array.of(2), now: 500, goal: 3, length: 60 };
  const options = { length: 2, excluded: new Set<number>(), resemblance: () => 0 };
  await generateSession(listening, { history: Int32Array.of(3), context }, options);
  expect(asked).toEqual([
    { history: Int32Array.of(3), context },
    {
      history: Int32Array.of(3, 4),
      context: { ...context, times: Float64Array.of(100, 500), actions: Int32Array.of(2, 3), length: 61 },
    },
  ]);
});
