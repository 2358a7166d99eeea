import { expect, test } from '@jest/globals';
import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { mayNot } from './may-not.js';

const refused = (code: string) =>
  new CombinedGraphQLErrors({ errors: [{ message: 'no', extensions: { code } }] });

test('a missing right is told from every other failure', () => {
  expect(mayNot(refused('FORBIDDEN'))).toBe(true);
  expect(mayNot(refused('UNAUTHENTICATED'))).toBe(true);
  expect(mayNot(refused('RATE_LIMITED'))).toBe(false);
  expect(mayNot(new CombinedGraphQLErrors({ errors: [{ message: 'no' }] }))).toBe(false);
  expect(mayNot(new Error('FORBIDDEN'))).toBe(false);
});
