import fc from 'fast-check';
import type { RawPicture } from '../media.js';
import { fromOklab, toOklab } from './oklab.js';
import type { Colour } from './palette-histogram.js';
import { toPalette } from './to-palette.js';

const picture = (...colours: Colour[]): RawPicture => ({
  width: colours.length,
  height: 1,
  channels: 3,
  data: Uint8Array.from(colours.flat()),
});
const [BLUE, GOLD]: [Colour, Colour] = [
  [59, 129, 209],
  [217, 186, 76],
];

test('Oklab is that of its author, and goes there and back within rounding', () => {
  expect(toOklab([255, 255, 255]).map((x) => Number(x.toFixed(3)) + 0)).toEqual([1, 0, 0]);
  expect(toOklab([255, 0, 0]).map((x) => Number(x.toFixed(3)))).toEqual([0.628, 0.225, 0.126]);
  const channel = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(fc.tuple(channel, channel, channel), (colour) => {
      fromOklab(toOklab(colour)).forEach((value, i) =>
        expect(Math.abs(value - (colour[i] ?? NaN))).toBeLessThanOrEqual(1),
      );
    }),
  );
});

test('colours that are not of the palette become those of it, each the nearest, and keep their shades', () => {
  const { data } = toPalette(picture([0, 90, 255], [0, 60, 170], [240, 220, 60]), [BLUE, GOLD]);
  const at = (i: number): Colour => [data[3 * i] ?? 0, data[3 * i + 1] ?? 0, data[3 * i + 2] ?? 0];
  const hue = (colour: Colour) => {
    const [, a, b] = toOklab(colour);
    return Math.atan2(b, a);
  };
  expect(hue(at(0))).toBeCloseTo(hue(BLUE), 1);
  expect(hue(at(1))).toBeCloseTo(hue(BLUE), 1);
  expect(hue(at(2))).toBeCloseTo(hue(GOLD), 1);
  expect(toOklab(at(0))[0]).toBeGreaterThan(toOklab(at(1))[0] + 0.05);
});

test('paper, outlines and greys stay as they are', () => {
  const plain = picture([255, 255, 255], [20, 20, 22], [128, 128, 128]);
  expect(toPalette(plain, [BLUE, GOLD])).toEqual(plain);
});
