import { groundText } from './ground-text.js';

const at = (angle: number, wanted: number) => ({
  vector: Float32Array.of(Math.cos(angle), Math.sin(angle)),
  wanted,
});

test('without the crowd the nearest comes first, ties by index', () => {
  const items = [at(1, 0), at(0.2, 0), at(-0.2, 0), at(3, 0)];
  const found = groundText(Float32Array.of(1, 0), items);
  expect(found.map(({ index }) => index)).toEqual([1, 2, 0, 3]);
  expect(found[0]?.closeness).toBeCloseTo(1, 6);
  expect(found[3]?.closeness).toBeCloseTo(0, 6);
});

test('the crowd shortens distances by (1 + C)^gamma, by hand', () => {
  // |e - e_i| = 2 sin(angle / 2): 0.2, 1.2 and 2 for these, so D = 0, 5/9, 1; C = 0, 1, 0.5
  const angle = (chord: number) => 2 * Math.asin(chord / 2);
  const items = [at(angle(0.2), 0), at(angle(1.2), 10), at(angle(2), 5)];
  const closeness = (gamma: number) =>
    groundText(Float32Array.of(1, 0), items, gamma)
      .sort((a, b) => a.index - b.index)
      .map((one) => one.closeness);
  const [none, some] = [closeness(0), closeness(2)];
  [1, 1 - 5 / 9, 0].forEach((wanted, i) => expect(none[i]).toBeCloseTo(wanted, 5));
  [1, 1 - 5 / 9 / 4, 1 - 1 / 2.25].forEach((wanted, i) => expect(some[i]).toBeCloseTo(wanted, 5));
});
