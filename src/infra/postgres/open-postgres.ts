import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { connectionStringOf, type EmbeddedServer, startServer, stopServer } from './embedded-server.js';

export interface OpenPostgres {
  readonly connectionString: string;
  /** Call it after all connections of this process are closed. The embedded server stops when nobody else uses it. */
  stop(): Promise<void>;
}

const DATABASE = 'vitrine';
/** 15 is the oldest that Postgres itself still supports. */
const OLDEST_VERSION = 15;

/** The database of this installation: the one at `databaseUrl`, else an embedded server under `home`. */
export async function openPostgres(options: {
  readonly home: string;
  readonly databaseUrl: string | null;
}): Promise<OpenPostgres> {
  if (options.databaseUrl !== null) return openExternal(options.databaseUrl);
  const server = await startServer(options.home);
  await createDatabase(server);
  const presence = await announcePresence(server);
  return {
    connectionString: connectionStringOf(server, DATABASE),
    stop: async () => {
      const isLast = await isAlone(presence);
      await presence.end();
      if (isLast) await stopServer(server);
    },
  };
}

async function openExternal(connectionString: string): Promise<OpenPostgres> {
  const { version, number } = await versionOf(connectionString);
  if (number < OLDEST_VERSION * 10_000) {
    throw new Error(`DATABASE_URL: Postgres ${OLDEST_VERSION} or newer is wanted, ${version} answered`);
  }
  return { connectionString, stop: () => Promise.resolve() };
}

interface Version {
  readonly version: string;
  /** 150004 for 15.4. */
  readonly number: number;
}

async function versionOf(connectionString: string): Promise<Version> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    const { rows } = await client.query<Version>(
      `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number`,
    );
    return rows[0] ?? { version: 'nothing', number: 0 };
  } catch (cause) {
    const { message } = cause as Partial<Error>;
    throw new Error(`DATABASE_URL: the database cannot be reached: ${message ?? 'unknown reason'}`, {
      cause,
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function createDatabase(server: EmbeddedServer): Promise<void> {
  const client = new pg.Client({ connectionString: connectionStringOf(server, 'postgres') });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } catch (error) {
    if (!isDuplicateDatabase(error)) throw error;
  } finally {
    await client.end();
  }
}

/** Two processes that start at once both try: 42P04 from the check, 23505 from the catalogue's own index. */
function isDuplicateDatabase(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === '42P04' || code === '23505';
}

const PRESENCE = 'vitrine presence';

/** One connection that says "somebody is here" while the pools of this process may be empty. */
async function announcePresence(server: EmbeddedServer): Promise<pg.Client> {
  const presence = new pg.Client({
    connectionString: connectionStringOf(server, 'postgres'),
    application_name: PRESENCE,
    keepAlive: true,
  });
  presence.on('error', () => undefined); // the server went away: there is nothing left to stop
  await presence.connect();
  return presence;
}

/** One leaves at a time, else two who leave at once each see the other stay. The lock goes with the connection. */
const LEAVING = 'SELECT pg_advisory_lock(7017)';
/** A closed connection is listed until its process has ended: 2 ms on a free machine, a second on a busy one. */
const FADING_MS = 5_000;
/** One who has just left is listed too; whoever is still there after this time stays. */
const STAYING_MS = 1_000;

/** Whether nobody else is here, neither another Vitrine nor any other client; those that have just closed are given time to go. */
async function isAlone(presence: pg.Client): Promise<boolean> {
  try {
    await presence.query(LEAVING);
    const startedAt = performance.now();
    for (;;) {
      const { others, staying } = await othersBeside(presence);
      if (others === 0) return true;
      if (performance.now() - startedAt > (staying > 0 ? STAYING_MS : FADING_MS)) return false;
      await sleep(20);
    }
  } catch {
    return false;
  }
}

async function othersBeside(presence: pg.Client): Promise<{ others: number; staying: number }> {
  const { rows } = await presence.query<{ others: number; staying: number }>(
    `SELECT count(*)::int AS others, count(*) FILTER (WHERE application_name = $1)::int AS staying
       FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    [PRESENCE],
  );
  return rows[0] ?? { others: 0, staying: 0 };
}
