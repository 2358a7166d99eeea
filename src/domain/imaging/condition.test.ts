import { bagLayout, conditionOf, UNITS } from './condition.js';
import type { Colour } from './palette-histogram.js';

const layout = bagLayout({ words: ['apple', 'hot', 'dog'], phrases: ['hot dog'], styles: ['flat'] });
const vectors: Record<string, Float32Array> = {
  apple: Float32Array.of(1, 0),
  'hot dog': Float32Array.of(0, 1),
};
const said = (
  units: string[],
  style: string | null = null,
  taste: Float32Array | null = null,
  colours: Colour[] = [],
) => conditionOf({ units, style, taste, colours }, layout, (unit) => vectors[unit] ?? new Float32Array(2), 2);

test('each word of a phrase and the style have their place in the bag', () => {
  expect([...said(['hot dog'], 'flat').bag]).toEqual([0, 1, 1, 1]);
  expect([...said(['zeppelin'], 'baroque').bag]).toEqual([0, 0, 0, 0]);
});

test('the text is the direction of the mean, of length 1', () => {
  const { text } = said(['apple', 'hot dog']);
  text.forEach((value) => expect(value).toBeCloseTo(Math.SQRT1_2));
});

test('nothing said is all zeros, and a taste of any length counts by its direction', () => {
  const { text, bag, taste } = said([]);
  expect([...text, ...bag, ...taste].every((value) => value === 0)).toBe(true);
  expect([...said([], null, Float32Array.of(0, 5)).taste]).toEqual([0, 1]);
});

test('units stand one by one, the ninth is not heard, and colours become a palette', () => {
  const many = said([...Array.from({ length: UNITS }, () => 'hot dog'), 'apple'], null, null, [[0, 0, 0]]);
  expect(many.units).toEqual(Float32Array.from({ length: UNITS * 2 }, (_, i) => i % 2));
  expect([...many.bag]).toEqual([0, 1, 1, 0]);
  expect(many.palette[0]).toBe(1);
  expect([...said(['apple']).units.subarray(0, 4)]).toEqual([1, 0, 0, 0]);
});
