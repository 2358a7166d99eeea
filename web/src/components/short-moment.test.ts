import { expect, test } from '@jest/globals';
import { shortMoment } from './short-moment.js';

test('a moment is said by the reader’s own clock, with the year where it is another one', () => {
  expect(shortMoment(new Date(2020, 2, 9, 7, 5).toISOString())).toBe('9 March 2020, 07:05');
  const thisYear = new Date(new Date().getFullYear(), 10, 27, 18, 30).toISOString();
  expect(shortMoment(thisYear)).toBe('27 November, 18:30');
});
