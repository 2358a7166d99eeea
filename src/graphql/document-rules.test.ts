import { buildSchema, getIntrospectionQuery, parse, validate } from 'graphql';
import { documentRules } from './document-rules.js';
import { DEFAULT_LIMITS } from './limits.js';

const schema = buildSchema('type Query { q: Query, n: Int }');
const problems = (query: string) =>
  validate(schema, parse(query), documentRules(DEFAULT_LIMITS)).map(({ message }) => message);
const nested = (levels: number) => `{ ${'q { '.repeat(levels - 1)} n ${'}'.repeat(levels - 1)} }`;
const times = (n: number, part: (i: number) => string) =>
  Array.from({ length: n }, (_, i) => part(i)).join(' ');

test.each([
  ['levels of fields', (n: number) => nested(n), DEFAULT_LIMITS.depth],
  ['aliases', (n: number) => `{ ${times(n, (i) => `a${i}: n`)} }`, DEFAULT_LIMITS.aliases],
  ['directives', (n: number) => `{ n ${times(n, () => '@include(if: true)')} }`, DEFAULT_LIMITS.directives],
  ['fields', (n: number) => `{ ${times(n, () => 'n')} }`, DEFAULT_LIMITS.selections],
])('so many %s pass and one more does not', (what, query, most) => {
  expect(problems(query(most))).toEqual([]);
  expect(problems(query(most + 1))).toEqual([
    `this operation is too large: at most ${most} ${what} were wanted`,
  ]);
});

test('fragments that double 60 times are measured at once and refused', () => {
  const doubling = times(60, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`);
  const bomb = `{ ...F0 } ${doubling} fragment F60 on Query { n }`;
  expect(problems(bomb)).toHaveLength(1); // walked one by one it would be 2^60 fields, and this would never end
});

test('a fragment cycle ends', () => {
  expect(problems('{ ...A } fragment A on Query { ...B } fragment B on Query { ...A n }')).toEqual([]);
});

test('the introspection of an explorer passes', () => {
  expect(problems(getIntrospectionQuery({ inputValueDeprecation: true }))).toEqual([]);
});
