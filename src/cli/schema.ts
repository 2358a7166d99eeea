import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { printApiSchema } from '../graphql/build-schema.js';
import { PROJECT_ROOT } from '../wire.js';

/** Writes schema/schema.graphql from the resolvers; with `check` only compares, and fails where they differ. */
export async function schemaCommand({ check }: { readonly check: boolean }): Promise<void> {
  const file = join(PROJECT_ROOT, 'schema', 'schema.graphql');
  const emitted = await printApiSchema();
  const committed = await readFile(file, 'utf8').catch(() => '');
  if (committed === emitted) {
    process.stdout.write('schema/schema.graphql is in step with the resolvers\n');
  } else if (check) {
    process.stderr.write(
      'schema/schema.graphql differs from the resolvers: run `npm run schema` and commit it\n',
    );
    process.exitCode = 1;
  } else {
    await writeFile(file, emitted);
    process.stdout.write('schema/schema.graphql written\n');
  }
}
