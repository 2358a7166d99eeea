import type { RawPicture } from '../media.js';
import { COLOUR_NAMES, nameColour } from './colour-names.js';
import { leadToColour } from './lead-to-colour.js';
import { namedPalette } from './palette.js';
import { typicalColour } from './recolour.js';

const red: RawPicture = {
  ...{ width: 4, height: 4, channels: 3 },
  data: Uint8Array.from({ length: 48 }, (_, i) => [210, 40, 30][i % 3] ?? 0),
};

test.each(COLOUR_NAMES)('the colour that stands for %s is called so', (name) => {
  expect(nameColour(...typicalColour(name))).toBe(name);
});

test('a start is moved to the one colour that the words ask for, and the palette says it too', () => {
  const { start, colours, to } = leadToColour(red, ['green', 'apple'], []);
  expect([namedPalette(start)[0]?.name, to]).toEqual(['green', 'green']);
  expect(colours).toEqual([typicalColour('green')]);
});

test('words without a colour, and words with two, leave the start as it is', () => {
  expect(leadToColour(red, ['apple'], [])).toEqual({ start: red, colours: [], to: null });
  expect(leadToColour(red, ['green', 'blue', 'apple'], [])).toEqual({ start: red, colours: [], to: null });
});

test('colour codes are the palette as they are, and a start without any hue stays', () => {
  const grey = { ...red, data: red.data.map(() => 128) };
  expect(leadToColour(grey, ['blue', 'elephant'], [[1, 2, 3]])).toEqual({
    ...{ start: grey, colours: [[1, 2, 3]], to: 'blue' },
  });
});
