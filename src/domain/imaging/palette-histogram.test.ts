import { figureColours, paletteHistogram } from './palette-histogram.js';

test('a colour on a level fills one bin, one between two levels fills both by half', () => {
  const red = paletteHistogram([[255, 0, 0]]);
  expect(red[3 * 16]).toBe(1);
  const between = paletteHistogram([[42.5, 0, 255]]);
  expect([between[3], between[16 + 3]]).toEqual([0.5, 0.5]);
});

test('shares sum to 1 for any number of colours and to 0 for none', () => {
  const sum = (bins: Float32Array) => bins.reduce((total, value) => total + value, 0);
  expect(
    sum(
      paletteHistogram([
        [12, 200, 33],
        [250, 3, 99],
        [1, 2, 3],
      ]),
    ),
  ).toBeCloseTo(1, 6);
  expect(sum(paletteHistogram([]))).toBe(0);
});

test('white around a figure is no colour of it', () => {
  const pixels = new Uint8Array(4 * 4 * 3).fill(255);
  pixels.set([200, 10, 10], 0);
  expect([...figureColours(pixels, 4)]).toEqual([[200, 10, 10]]);
});
