import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../prisma/migrate.js';
import { openDatabase } from '../../src/infra/database/database.js';
import {
  connectionStringOf,
  type EmbeddedServer,
  startServer,
  stopServer,
} from '../../src/infra/postgres/embedded-server.js';
import { openQueue } from '../../src/infra/queue/pg-boss-queue.js';
import { systemClock } from '../../src/infra/system-clock.js';
import { uuidIds } from '../../src/infra/uuid-ids.js';
import { newPerson } from '../support/world.js';

/** A Postgres of its own, so that it may be stopped and cut; the machine itself does not fail here, so no fsync. */
const SETTINGS = { fsync: 'off', full_page_writes: 'off' };
const DATABASE = 'chaos';

export interface Site {
  readonly connectionString: string;
  /** Arguments of every process: database and data folder. */
  readonly args: readonly string[];
  /** What the processes logged, for a person who looks for the reason of a bad figure. */
  readonly log: string;
  /** External ids of simulated people: each may have 8 jobs open. */
  readonly people: readonly string[];
  readonly query: <Row extends pg.QueryResultRow>(sql: string, values?: unknown[]) => Promise<Row[]>;
  /** Stops Postgres under everybody's hands and starts it again. */
  restartPostgres(): Promise<void>;
  /** Cuts one connection of ours at random; answers whether there was one. */
  cutConnection(): Promise<boolean>;
  close(): Promise<void>;
}

/** An installation in a temporary folder: Postgres, migrated and with queues, one catalogue, some people. */
export async function openSite(peopleCount: number): Promise<Site> {
  const home = mkdtempSync(join(tmpdir(), `vitrine-chaos-${process.pid}-`));
  chmodSync(home, 0o755); // as root, the server runs as nobody and must be able to pass
  writeFileSync(join(home, 'index.html'), '<title>page</title>');
  const server = await startServer(home, SETTINGS);
  const connectionString = await createDatabase(server);
  const people = await settle(connectionString, peopleCount);
  const query = async <Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []) =>
    withClient(connectionString, async (client) => (await client.query<Row>(sql, values)).rows);
  return {
    ...{ connectionString, people, query, args: [connectionString, home], log: join(home, 'processes.log') },
    async restartPostgres() {
      await stopServer(server);
      await startServer(home, SETTINGS);
    },
    cutConnection: async () => (await query(CUT, [DATABASE])).length > 0,
    async close() {
      await stopServer(server);
      rmSync(home, { recursive: true, force: true });
      rmSync(server.folder, { recursive: true, force: true });
    },
  };
}

const CUT = `SELECT pg_terminate_backend(pid) FROM (
  SELECT pid FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1) AS one`;

async function withClient<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString, application_name: 'chaos' });
  client.on('error', () => undefined); // a cut may hit the one who cuts; the query says so
  await client.connect();
  return work(client).finally(() => client.end().catch(() => undefined));
}

async function createDatabase(server: EmbeddedServer): Promise<string> {
  await withClient(connectionStringOf(server, 'postgres'), (admin) =>
    admin.query(`CREATE DATABASE ${DATABASE}`),
  );
  const connectionString = connectionStringOf(server, DATABASE);
  await migrate(connectionString);
  return connectionString;
}

async function settle(connectionString: string, count: number): Promise<string[]> {
  const queue = await openQueue({ connectionString, log: () => undefined });
  const database = openDatabase({ connectionString, queue, ids: uuidIds(), clock: systemClock });
  const { catalogues, people } = database.stores;
  await catalogues.save({ key: 'chaos', name: 'Chaos', domain: 'pictures', language: 'en' });
  const externalIds = Array.from({ length: count }, (_, i) => `chaos-${i}`);
  await people.ensureAll(externalIds.map((externalId) => newPerson({ externalId, kind: 'SIMULATED' })));
  await database.close();
  await queue.close();
  return externalIds;
}
