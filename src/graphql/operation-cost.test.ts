import { GraphQLInt, GraphQLObjectType, GraphQLSchema, GraphQLString, parse } from 'graphql';
import { DEFAULT_LIMITS } from './limits.js';
import { operationCost } from './operation-cost.js';
import { pageCost } from './page-cost.js';

const entry = new GraphQLObjectType({ name: 'Entry', fields: { id: { type: GraphQLString } } });
const list = {
  type: entry,
  args: { first: { type: GraphQLInt, defaultValue: 10 } },
  extensions: { complexity: pageCost(5) },
};
const inner = new GraphQLObjectType({ name: 'Inner', fields: { list } });
const query = new GraphQLObjectType({
  name: 'Query',
  fields: { inner: { ...list, type: inner } },
});
const cost = (text: string) =>
  operationCost(new GraphQLSchema({ query }), { query: parse(text) }, DEFAULT_LIMITS);

test('a page costs its weight and its entries as deep as they are asked for', () => {
  expect(cost('{ inner(first: 3) { list { id } } }')).toBe(5 + 3 * 5);
});

test('a negative page size, which is refused later, pays for nothing else in the operation', () => {
  const dear = '{ a: inner(first: 10000) { list { id } } b: inner(first: -100000) { list { id } } }';
  expect(() => cost(dear)).toThrow(/points, at most/);
});
