import fc from 'fast-check';
import { topItems } from './top-items.js';

test('the head of a full sort, ties by item number, whatever the size and what is left out', () => {
  const scores = fc.array(fc.integer({ min: -5, max: 30 }), { maxLength: 200 });
  const excluded = fc.uniqueArray(fc.integer({ min: 0, max: 199 }));
  fc.assert(
    fc.property(scores, fc.integer({ min: 0, max: 220 }), excluded, (values, k, left) => {
      const out = new Set(left);
      const expected = [...values.keys()]
        .filter((item) => !out.has(item))
        .sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b)
        .slice(0, k);
      expect([...topItems(Float32Array.from(values), k, out)]).toEqual(expected);
    }),
  );
});

test('a long head of many scores is that of a full sort, with infinite scores, few positive ones and many left out', () => {
  const score = fc.oneof(
    { weight: 20, arbitrary: fc.float({ noNaN: true, min: -3, max: 40 }) },
    { weight: 1, arbitrary: fc.constantFrom(Infinity, -Infinity, 0, 1e-40) },
  );
  const shift = fc.constantFrom(0, -30, -60);
  fc.assert(
    fc.property(
      fc.array(score, { minLength: 400, maxLength: 1200, size: 'max' }),
      shift,
      fc.integer({ min: 100, max: 390 }),
      fc.integer({ min: 0, max: 300 }),
      (values, by, k, left) => {
        const scores = Float32Array.from(values, (value) => value + by);
        const out = new Set(Array.from({ length: left }, (_, i) => i));
        const expected = [...scores.keys()]
          .filter((item) => !out.has(item))
          .sort((a, b) => compared(scores[b] ?? 0, scores[a] ?? 0) || a - b)
          .slice(0, k);
        expect([...topItems(scores, k, out)]).toEqual(expected);
      },
    ),
    { numRuns: 50 },
  );
});

/** Two infinities are equal, though their difference is no number. */
const compared = (a: number, b: number) => (a === b ? 0 : a - b);
