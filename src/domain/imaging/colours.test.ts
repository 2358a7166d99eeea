import type { RawPicture } from '../media.js';
import { COLOUR_NAMES, fromHsv, nameColour, toHsv } from './colour-names.js';
import { namedPalette } from './palette.js';
import { recolour } from './recolour.js';

type Rgb = [number, number, number];
const picture = (...colours: Rgb[]): RawPicture => ({
  width: colours.length,
  height: 1,
  channels: 3,
  data: Uint8Array.from(colours.flat()),
});

test.each<[string, Rgb]>([
  ['red', [248, 49, 47]],
  ['orange', [255, 130, 45]],
  ['yellow', [255, 204, 77]],
  ['green', [0, 210, 106]],
  ['blue', [0, 116, 186]],
  ['purple', [141, 101, 197]],
  ['pink', [255, 130, 170]],
  ['brown', [109, 69, 52]],
  ['black', [28, 28, 28]],
  ['grey', [150, 150, 155]],
  ['white', [250, 250, 250]],
])('%s is named', (name, [r, g, b]) => expect(nameColour(r, g, b)).toBe(name));

test('hue, saturation and value go there and back within rounding', () => {
  for (const rgb of [
    [12, 200, 77],
    [255, 0, 1],
    [90, 90, 90],
    [3, 4, 250],
  ] as Rgb[]) {
    fromHsv(toHsv(...rgb)).forEach((value, i) =>
      expect(Math.abs(value - (rgb[i] ?? NaN))).toBeLessThanOrEqual(1),
    );
  }
});

test('the palette leaves the white background out', () => {
  const shares = namedPalette(
    picture([255, 255, 255], [255, 255, 255], [240, 40, 40], [240, 40, 40], [0, 160, 60]),
  );
  expect(shares).toEqual([
    { name: 'red', share: 2 / 3 },
    { name: 'green', share: 1 / 3 },
  ]);
});

test.each(COLOUR_NAMES)('a red rose made %s measures %s and keeps its leaf and background', (name) => {
  const rose = picture([230, 40, 60], [230, 40, 60], [230, 40, 60], [60, 160, 40], [255, 255, 255]);
  const changed = recolour(rose, name);
  if (!changed) throw new Error('a rose has a hue');
  expect(namedPalette(changed)[0]?.name).toBe(name);
  expect([...changed.data.slice(9)]).toEqual([60, 160, 40, 255, 255, 255]);
});

test('a grey picture has no hue to change', () => {
  expect(recolour(picture([90, 90, 90], [200, 200, 200]), 'blue')).toBeNull();
});
