import { addNormalised, normalised, normaliserOf, NORMALISATIONS, type Term } from './normalise-scores.js';

test('any number of parts adds up to the sum of what each gives, onto what was there', () => {
  const items = 31;
  for (const kind of NORMALISATIONS)
    for (let parts = 0; parts <= 7; parts++) {
      const terms = Array.from({ length: parts }, (_, p): Term => {
        const scores = Float32Array.from({ length: items }, (__, i) => Math.sin((p + 1) * i) * (p + 1));
        return { scores, normaliser: normaliserOf(scores, kind, p + 2), weight: 0.3 * (p + 1) };
      });
      const sum = new Float32Array(items).fill(0.5);
      addNormalised(sum, terms);
      sum.forEach((got, i) => {
        const given = terms.map(({ scores, normaliser, weight }) => {
          return weight * normalised(normaliser, scores[i] ?? NaN);
        });
        expect(got).toBeCloseTo(
          given.reduce((a, b) => a + b, 0.5),
          4,
        );
      });
    }
});

test('an item that a part rules out stays ruled out beside parts that know nothing of it', () => {
  const sum = new Float32Array(2);
  const normaliser = normaliserOf(new Float32Array(2), 'scaled', 1);
  addNormalised(sum, [{ scores: Float32Array.of(1, -Infinity), normaliser, weight: 1 }]);
  expect([...sum]).toEqual([1, -Infinity]);
});
