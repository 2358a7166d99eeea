import { seededRandom } from '../random.js';
import { choosePalette, namedSubjects, subjectsFor, withoutColour } from './bundle.js';
import { COLOUR_NAMES, nameColour } from './colour-names.js';

const nameOf = (hex = '#000000') => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  return nameColour(r, g, b);
};

test('one seed gives one palette of five colours, another seed another one', () => {
  const [first, again, other] = [3, 3, 4].map((seed) =>
    choosePalette('woodland animals', seededRandom(seed)),
  );
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
  expect(new Set(first).size).toBe(5);
  for (const hex of first ?? []) expect(hex).toMatch(/^#[\da-f]{6}$/);
});

test.each(COLOUR_NAMES.filter((name) => !['black', 'grey', 'white', 'brown', 'pink'].includes(name)))(
  'a brief that says %s is led by it, whatever the seed',
  (name) => {
    for (let seed = 0; seed < 20; seed++)
      expect(nameOf(choosePalette(`${name} things`, seededRandom(seed))[0])).toBe(name);
  },
);

test('codes in the brief are the palette; a single one leads it', () => {
  expect(choosePalette('owls #1d3557 #e63946', seededRandom(1))).toEqual(['#1d3557', '#e63946']);
  const led = choosePalette('owls #1d3557', seededRandom(1));
  expect([led[0], led.length]).toEqual(['#1d3557', 5]);
});

test('things that a brief lists are its subjects, a theme lists none', () => {
  expect(namedSubjects('an owl, a fox; two deer and a bear #112233')).toEqual([
    'an owl',
    'a fox',
    'two deer',
    'a bear',
  ]);
  expect(namedSubjects('woodland animals')).toEqual([]);
  expect(namedSubjects('')).toEqual([]);
});

test('subjects differ as long as there are any, named ones first; the colour of a title is left to the palette', () => {
  expect(subjectsFor(4, ['an owl'], ['fox', 'Fox', 'elk'])).toEqual(['an owl', 'fox', 'elk', 'an owl']);
  expect(subjectsFor(3, [], [])).toEqual([]);
  expect([withoutColour('Red apple'), withoutColour('Orange')]).toEqual(['apple', 'orange']);
});
