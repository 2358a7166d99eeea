import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

/** The very advisory lock that Prisma Migrate takes: our runner and theirs wait for each other. */
const LOCK = 72707369;

/** As Prisma makes it, so that `prisma migrate status` reads what we wrote. */
const BOOKS = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`;

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}
interface Entry {
  readonly migration_name: string;
  readonly checksum: string;
  readonly finished_at: Date | null;
}

/** Applies prisma/migrations in the order of their names, each once, under a lock; returns those it applied now. */
export async function migrate(
  connectionString: string,
  folder: string = migrationsFolder(),
): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString, application_name: 'vitrine migrate' });
  client.on('notice', () => undefined);
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await client.query(BOOKS);
    const pending = pendingMigrations(readMigrations(folder), await readBooks(client));
    for (const migration of pending) await apply(client, migration);
    return pending.map(({ name }) => name);
  } finally {
    await client.end(); // gives the lock back too
  }
}

async function readBooks(client: pg.Client): Promise<Map<string, Entry>> {
  const { rows } = await client.query<Entry>(
    'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL',
  );
  return new Map(rows.map((row) => [row.migration_name, row]));
}

function readMigrations(folder: string): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function pendingMigrations(migrations: readonly Migration[], books: ReadonlyMap<string, Entry>): Migration[] {
  const names = new Set(migrations.map(({ name }) => name));
  const unknown = [...books.keys()].find((name) => !names.has(name));
  if (unknown !== undefined) {
    throw new Error(
      `The database has migration ${unknown}, which this version does not know: it is newer than the program`,
    );
  }
  return migrations.filter(({ name, checksum }) => {
    const entry = books.get(name);
    if (entry === undefined) return true;
    if (entry.finished_at === null) {
      throw new Error(`Migration ${name} failed earlier: mend the database, then \`prisma migrate resolve\``);
    }
    if (entry.checksum !== checksum) throw new Error(`Migration ${name} was changed after it was applied`);
    return false;
  });
}

/** The migration and its entry in one transaction: there whole or not at all, also when we are killed in between. */
async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK');
    throw new Error(`Migration ${name} failed and changed nothing: ${(cause as Error).message}`, { cause });
  }
}

/** prisma/migrations at the root of the project, from the sources and from dist/ alike. */
function migrationsFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const root = here.includes(join('dist', 'prisma')) ? join(here, '..', '..') : join(here, '..');
  return join(root, 'prisma', 'migrations');
}
