import { expect, test } from '@jest/globals';
import { EVERYTHING, filterOf, isNewestFirst, narrowedBy, withChoice } from './gallery-wish.js';

test('a wish for everything filters nothing', () => {
  expect(filterOf(EVERYTHING)).toEqual({});
  expect(narrowedBy(EVERYTHING)).toBe(0);
  expect(isNewestFirst(EVERYTHING)).toBe(true);
});

test('a value is chosen and unchosen, and only chosen ones are sent', () => {
  const ink = withChoice(EVERYTHING, 'style', 'ink');
  expect(filterOf({ ...ink, mine: true })).toEqual({ styles: ['ink'], mine: true });
  expect(narrowedBy({ ...ink, mine: true })).toBe(2);
  expect(filterOf(withChoice(ink, 'style', 'ink'))).toEqual({});
});

test('a new work goes in front only where the newest stand in front', () => {
  expect(isNewestFirst({ ...EVERYTHING, order: 'TOP_RATED' })).toBe(false);
  expect(isNewestFirst({ ...EVERYTHING, similarTo: 'x' })).toBe(false);
});
