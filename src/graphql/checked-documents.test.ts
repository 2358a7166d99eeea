import { buildSchema } from 'graphql';
import { checkedDocuments } from './checked-documents.js';
import { DEFAULT_LIMITS } from './limits.js';

const schema = buildSchema('type Query { a: Int }');

test('the same text is parsed once', () => {
  const documents = checkedDocuments(schema, DEFAULT_LIMITS);
  const first = documents('{ a }');
  expect(first).toMatchObject({ kind: 'Document' });
  expect(documents('{ a }')).toBe(first);
  expect(documents('{ b: a }')).not.toBe(first);
});

test('a wrong document is refused each time', () => {
  const documents = checkedDocuments(schema, DEFAULT_LIMITS);
  for (let i = 0; i < 2; i++)
    expect(documents('{ nothing }')).toMatchObject([
      { message: expect.stringContaining('Cannot query field') as string },
    ]);
  expect(() => documents('{ a')).toThrow('Syntax Error');
});

test('of a flood of different documents only some are kept', () => {
  const documents = checkedDocuments(schema, DEFAULT_LIMITS);
  const first = documents('{ a }');
  for (let i = 0; i < 99; i++) documents(`{ a${i}: a }`);
  expect(documents('{ a }')).toBe(first);
  for (let i = 0; i < 100; i++) documents(`{ b${i}: a }`);
  expect(documents('{ a }')).not.toBe(first);
});
