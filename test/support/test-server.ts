import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../prisma/migrate.js';
import {
  connectionStringOf,
  type EmbeddedServer,
  startServer,
} from '../../src/infra/postgres/embedded-server.js';
import { openQueue } from '../../src/infra/queue/pg-boss-queue.js';

/** The database that test databases are cloned from (0.1 s each): migrated, with the queue's own tables. */
export const TEMPLATE = 'vitrine_template';

const TEMPLATE_LOCK = 7_133_900;

/** The run's one server; the first caller starts it and makes the template, callers in other processes wait for that. */
export async function testServer(): Promise<EmbeddedServer> {
  const home = process.env['VITRINE_TEST_POSTGRES'];
  if (home === undefined)
    throw new Error('no test server here: is this file in test/integration or test/e2e?');
  const server = await startServer(home, {
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
  });
  writeFileSync(join(home, 'server-folder'), server.folder);
  await inMaintenance(server, async (admin) => {
    await admin.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [TEMPLATE]);
    if (rowCount === 0) await makeTemplate(server, admin);
  });
  return server;
}

/** One connection to the database `postgres`, from which others are made and dropped. */
export async function inMaintenance<T>(
  server: EmbeddedServer,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: connectionStringOf(server, 'postgres') });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function makeTemplate(server: EmbeddedServer, admin: pg.Client): Promise<void> {
  const unfinished = `${TEMPLATE}_unfinished`;
  await admin.query(`DROP DATABASE IF EXISTS ${unfinished}`);
  await admin.query(`CREATE DATABASE ${unfinished}`);
  const connectionString = connectionStringOf(server, unfinished);
  await migrate(connectionString);
  const queue = await openQueue({ connectionString, log: () => undefined });
  await queue.close();
  await admin.query(`ALTER DATABASE ${unfinished} RENAME TO ${TEMPLATE}`);
}
