import { readdirSync, readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { buildApiSchema, printApiSchema } from './build-schema.js';

const read = (path: string) => readFileSync(path, 'utf8');
const operations = readdirSync('schema/operations').map((name) => read(`schema/operations/${name}`));

test('schema/schema.graphql is what the resolvers say (npm run schema writes it)', async () => {
  expect(await printApiSchema()).toBe(read('schema/schema.graphql'));
});

test('every operation that web, tests and docs send is valid', () => {
  const schema = buildSchema(read('schema/schema.graphql'));
  expect(validate(schema, parse(operations.join('\n')))).toEqual([]);
});

test('every connection can be paged and every mutation but the idempotent ones can fail as data', async () => {
  const schema = await buildApiSchema();
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
  expect(
    mutations.map(({ name, type }) => [name, String(type)]).filter(([, type]) => !type?.endsWith('Result!')),
  ).toEqual([]);
});
