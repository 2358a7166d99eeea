import { expect, test } from '@jest/globals';
import { totalText } from './total-text.js';

test('the number of pictures is said in words that agree with it, and not before it is known', () => {
  expect([null, 0, 1, 24].map(totalText)).toEqual(['', '0 pictures', '1 picture', '24 pictures']);
});
