import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { openDatabase, type Database } from '../../src/infra/database/database.js';
import { connectionStringOf } from '../../src/infra/postgres/embedded-server.js';
import { type OpenQueue, openQueue } from '../../src/infra/queue/pg-boss-queue.js';
import { systemClock } from '../../src/infra/system-clock.js';
import { uuidIds } from '../../src/infra/uuid-ids.js';
import { inMaintenance, TEMPLATE, testServer } from './test-server.js';

export interface TestDatabase extends Database {
  readonly connectionString: string;
  readonly queue: OpenQueue;
  /** SQL statements sent since the start, newest last. */
  readonly statements: string[];
  query<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
}

/** A migrated database of its own, empty, gone after `drop`. */
export async function createTestDatabase(): Promise<{ connectionString: string; drop: () => Promise<void> }> {
  const server = await testServer();
  const name = `test_${uuidIds().next().replaceAll('-', '')}`;
  await inMaintenance(server, (admin) => admin.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`));
  return {
    connectionString: connectionStringOf(server, name),
    drop: async () => {
      await inMaintenance(server, async (admin) => {
        await untilLeft(admin, name);
        await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      });
    },
  };
}

/** Closed connections take a moment to fade; one that is cut by the drop fails the test file that closed it. */
async function untilLeft(admin: pg.Client, name: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const { rows } = await admin.query('SELECT 1 FROM pg_stat_activity WHERE datname = $1', [name]);
    if (rows.length === 0) return;
    await sleep(50);
  }
}

/** Call it at the top of a test file: a database with stores and queue for all its tests, closed and dropped after them. */
export function withDatabase(): TestDatabase {
  const holder: { open?: TestDatabase } = {};
  let drop: () => Promise<void> = () => Promise.resolve();
  beforeAll(async () => {
    const created = await createTestDatabase();
    drop = created.drop;
    holder.open = await open(created.connectionString);
  });
  afterAll(async () => {
    await holder.open?.close();
    await drop();
  });
  // the fields exist only once beforeAll has run, but tests want to name the database before
  return new Proxy({} as TestDatabase, {
    get: (_, key) => {
      if (holder.open === undefined) throw new Error('the database is open only inside tests');
      return Reflect.get(holder.open, key) as unknown;
    },
  });
}

async function open(connectionString: string): Promise<TestDatabase> {
  const statements: string[] = [];
  const queue = await openQueue({ connectionString, log: () => undefined });
  const database = openDatabase({
    connectionString,
    queue,
    ids: uuidIds(),
    clock: systemClock,
    onStatement: (sql) => statements.push(sql),
  });
  const pool = new pg.Pool({ connectionString, max: 2 });
  return {
    ...database,
    connectionString,
    queue,
    statements,
    query: async <Row extends pg.QueryResultRow>(sql: string, values?: unknown[]) =>
      (await pool.query<Row>(sql, values)).rows,
    close: async () => {
      await database.close();
      await queue.close();
      await pool.end();
    },
  };
}
