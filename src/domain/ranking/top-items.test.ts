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
