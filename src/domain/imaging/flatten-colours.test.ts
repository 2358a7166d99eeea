import { seededRandom } from '../random.js';
import { flattenColours } from './flatten-colours.js';

/** A red square on white, with a row of pink edge pixels between. */
function square(noise: number): Uint8Array {
  const random = seededRandom(6);
  const pixels = new Uint8Array(24 * 24 * 3).fill(255);
  for (let i = 0; i < 24 * 24; i++) {
    const [y, x] = [Math.floor(i / 24), i % 24];
    const colour = x > 5 && y > 6 ? [220, 30, 40] : x > 5 && y === 6 ? [238, 142, 148] : [255, 255, 255];
    colour.forEach(
      (value, c) => (pixels[i * 3 + c] = Math.max(0, Math.min(255, value + noise * random.normal()))),
    );
  }
  return pixels;
}
const meanError = (a: Uint8Array, b: Uint8Array) =>
  a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0) / a.length;

test('specks on plain areas go away', () => {
  const noisy = square(8);
  expect(meanError(flattenColours(noisy), square(0))).toBeLessThan(meanError(noisy, square(0)) / 2);
});

test('a clean picture stays as it is, edge pixels too', () => {
  expect(meanError(flattenColours(square(0)), square(0))).toBeLessThan(1);
});
