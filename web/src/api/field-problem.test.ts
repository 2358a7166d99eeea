import { expect, test } from '@jest/globals';
import { fieldProblem } from './field-problem.js';

const failure = { __typename: 'InvalidInput', code: 'INVALID_INPUT', path: null };

test('a failure of a field stands at that field, without its name in front', () => {
  const message = 'url: an https address was wanted, got "http:"';
  expect(fieldProblem({ ...failure, message, path: ['input', 'url'] })).toEqual({
    field: 'url',
    text: 'An https address was wanted, got "http:".',
  });
});

test('one of no field stands by itself, and no failure is none', () => {
  const limit = 'at most 10 webhooks a person; delete one';
  expect(fieldProblem({ ...failure, message: limit })).toEqual({
    ...{ field: null, text: 'At most 10 webhooks a person; delete one.' },
  });
  expect(fieldProblem({ __typename: 'CreateWebhookPayload', secret: 'x' })).toBeNull();
  expect(fieldProblem(null)).toEqual({ field: null, text: 'The server sent no answer.' });
});
