import { briefColours } from './brief-colours.js';

test('colour codes of six and of three digits become the palette, the words stay', () => {
  expect(briefColours('an owl #1d3557 and a hat #F00')).toEqual({
    words: 'an owl and a hat',
    colours: [
      [0x1d, 0x35, 0x57],
      [255, 0, 0],
    ],
  });
});

test('what is no colour code stays a word, and more than eight colours are not kept', () => {
  expect(briefColours('number #12 of #abcd')).toEqual({ words: 'number #12 of #abcd', colours: [] });
  expect(briefColours(Array.from({ length: 12 }, () => '#123456').join(' ')).colours).toHaveLength(8);
});
