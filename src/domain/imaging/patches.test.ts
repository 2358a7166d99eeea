import { fromPatches, toPatches } from './patches.js';

test('a token holds the rows of its own square, and the way back gives the picture', () => {
  const pixels = Uint8Array.from({ length: 8 * 8 * 3 }, (_, i) => (i * 37) % 256);
  const tokens = toPatches(pixels, 8);
  const second = tokens.subarray(48, 96); // to the right of the first: columns 4 to 7
  expect(second[0]).toBeCloseTo((pixels[4 * 3] ?? 0) / 127.5 - 1, 6);
  expect(second[12]).toBeCloseTo((pixels[(8 + 4) * 3] ?? 0) / 127.5 - 1, 6); // its second row
  expect(fromPatches(tokens, 8)).toEqual(pixels);
});
