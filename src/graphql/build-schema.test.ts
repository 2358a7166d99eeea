import { readdirSync, readFileSync } from 'node:fs';
import { buildSchema, graphql, parse, validate } from 'graphql';
import { publicError } from './errors.js';
import { SCOPES } from './scope.js';
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

test('every mutation can fail as data', async () => {
  const schema = await buildApiSchema();
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
  expect(mutations.filter(({ type }) => !String(type).endsWith('Result!')).map(({ name }) => name)).toEqual(
    [],
  );
});

test('a refused argument says where in the answer and where in the arguments', async () => {
  const contextValue = { scopes: new Set(SCOPES), viewer: () => Promise.resolve({}) };
  const source = '{ page: gallery(first: 0) { totalCount } }';
  const { errors } = await graphql({ schema: await buildApiSchema(), source, contextValue });
  expect(errors?.map((error) => publicError(error))).toMatchObject([
    { path: ['page'], extensions: { code: 'INVALID_INPUT', argument: ['first'] } },
  ]);
});
