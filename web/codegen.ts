import { fileURLToPath } from 'node:url';
import type { CodegenConfig } from '@graphql-codegen/cli';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Typed documents for everything the pages send; also checks the explorer's examples against the schema. */
const config: CodegenConfig = {
  schema: here('../schema/schema.graphql'),
  documents: [here('../schema/operations/*.graphql'), here('src/graphiql/examples/*.graphql')],
  generates: {
    [here('src/generated/possible-types.ts')]: { plugins: [here('possible-types.cjs')] },
    [here('src/generated/')]: {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        enumsAsTypes: true,
        useTypeImports: true,
        strictScalars: true,
        defaultScalarType: 'unknown',
        scalars: {
          DateTime: 'string',
          URL: 'string',
          Cursor: 'string',
          IdempotencyKey: 'string',
          JSON: 'unknown',
        },
      },
    },
  },
};
export default config;
