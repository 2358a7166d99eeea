import { readFileSync } from 'node:fs';
import { GraphQLError } from 'graphql';
import { DomainError } from '../domain/errors.js';
import { publicError } from './errors.js';

const thrown = (cause: unknown) =>
  new GraphQLError('secret /etc/path', { originalError: cause as Error, path: ['x'] });
function coreError(): unknown {
  try {
    return readFileSync('/nope');
  } catch (error) {
    return error;
  }
}

test('a named failure keeps its message, code and argument', () => {
  const error = new DomainError('NOT_FOUND', 'no job of yours', { path: ['id'] });
  expect(publicError(thrown(error))).toEqual({
    path: ['x'],
    message: 'no job of yours',
    extensions: { code: 'NOT_FOUND', retryable: false, argument: ['id'] },
  });
});

test('a refused change tells the version to name instead', () => {
  const error = new DomainError('CONFLICT', 'expectedVersion: 3 was wanted, 2 came', { currentVersion: 3 });
  expect(publicError(thrown(error)).extensions).toEqual({
    code: 'CONFLICT',
    retryable: false,
    currentVersion: 3,
  });
});

test.each([
  ['a plain Error', thrown(new Error('secret'))],
  ['an error of Node itself', thrown(coreError())],
  ['a string', thrown('secret')],
  ['null for a non-null field', new GraphQLError('Cannot return null for Secret.field', { path: ['x'] })],
  ['an unknown code', new GraphQLError('secret', { extensions: { code: 'MADE_UP' } })],
])('%s shows nothing', (_, error) => {
  const { message, extensions } = publicError(error);
  expect({ message, extensions }).toEqual({ message: 'Internal error', extensions: { code: 'INTERNAL' } });
});

test('what we or the validation say ourselves is shown', () => {
  const own = new GraphQLError('needs the scope OPERATOR', {
    extensions: { code: 'FORBIDDEN' },
    path: ['x'],
  });
  expect(publicError(own)).toMatchObject({
    message: 'needs the scope OPERATOR',
    extensions: { code: 'FORBIDDEN' },
  });
  expect(publicError(new GraphQLError('unknown field')).extensions).toEqual({
    code: 'GRAPHQL_VALIDATION_FAILED',
  });
});
