import { trunkConfigFor } from './trunk-config.js';

/** `people` histories of `length` items each. */
function setOf(people: number, length: number) {
  const history = Int32Array.from({ length }, (_, item) => item % 50);
  return { itemCount: 50, sequences: Array.from({ length: people }, () => history) };
}

test.each([
  { people: 100, length: 6, width: 64, blocks: 1, history: 50 },
  { people: 20_001, length: 6, width: 128, blocks: 1, history: 50 },
  { people: 940, length: 106, width: 64, blocks: 2, history: 200 },
  { people: 6040, length: 165, width: 128, blocks: 4, history: 200 },
])('$people people of $length events get $blocks x $width', ({ people, length, ...wanted }) => {
  expect(trunkConfigFor(setOf(people, length))).toMatchObject(wanted);
});

test('what the recipe names is not overruled by the size of the set', () => {
  expect(trunkConfigFor(setOf(6040, 165), { width: 32, blocks: 1 })).toMatchObject({ width: 32, blocks: 1 });
});
