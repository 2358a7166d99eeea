import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { runningPid, startServer, stopServer } from '../../src/infra/postgres/embedded-server.js';
import { openPostgres } from '../../src/infra/postgres/open-postgres.js';
import { passableFolder } from '../../src/infra/postgres/passable-folder.js';

const base = mkdtempSync(join(tmpdir(), 'vitrine-embedded-'));
chmodSync(base, 0o755);
let home = '';
let count = 0;

beforeEach(() => {
  count += 1;
  home = join(base, String(count));
});
afterEach(async () => {
  await stopServer({ folder: folderOf(home), socketFolder: '' });
  rmSync(folderOf(home), { recursive: true, force: true });
});
afterAll(() => rmSync(base, { recursive: true }));

const folderOf = (of: string) => passableFolder(join(of, 'postgres'));
const pid = () => runningPid(folderOf(home));
const open = () => openPostgres({ home, databaseUrl: null });

async function query<Row extends pg.QueryResultRow>(connectionString: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return (await client.query<Row>(sql).finally(() => client.end())).rows;
}

test('a second start finds what the first one stored, and the last stop leaves no process', async () => {
  const first = await open();
  await query(first.connectionString, 'CREATE TABLE kept AS SELECT 42 AS answer');
  await first.stop();
  expect(pid()).toBeNull();
  const second = await open();
  expect(await query(second.connectionString, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  await second.stop();
  expect(pid()).toBeNull();
});

test('several users share one server, and only the last one out stops it', async () => {
  const users = await Promise.all([open(), open(), open()]);
  expect(new Set(users.map(({ connectionString }) => connectionString)).size).toBe(1);
  const [a, b, c] = users;
  await a.stop();
  await b.stop();
  expect(pid()).not.toBeNull();
  await query(c.connectionString, 'SELECT 1');
  await c.stop();
  expect(pid()).toBeNull();
});

test('of two who leave at once, one stops it', async () => {
  const users = await Promise.all([open(), open()]);
  await Promise.all(users.map((user) => user.stop()));
  expect(pid()).toBeNull();
});

test('connections that are just closing do not keep it alive', async () => {
  const user = await open();
  const clients = Array.from(
    { length: 40 },
    () => new pg.Client({ connectionString: user.connectionString }),
  );
  await Promise.all(clients.map((client) => client.connect()));
  const ends = clients.map((client) => client.end());
  await user.stop();
  expect(pid()).toBeNull();
  await Promise.all(ends);
});

test('a server that outlived its user is used again', async () => {
  await startServer(home); // and never stopped, as when its user is killed
  const survivor = pid();
  const next = await open();
  expect(pid()).toBe(survivor);
  await next.stop();
  expect(pid()).toBeNull();
});

test('a killed server starts again over its stale files', async () => {
  const first = await open();
  await query(first.connectionString, 'CREATE TABLE kept AS SELECT 42 AS answer');
  process.kill(pid() ?? 0, 'SIGKILL');
  while (pid() !== null) await sleep(20);
  const second = await open();
  expect(await query(second.connectionString, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  await second.stop();
  await first.stop();
});

test('a pid file whose number now belongs to another program does not stop the start', async () => {
  const first = await open();
  const file = join(folderOf(home), 'data', 'postmaster.pid');
  const lines = readFileSync(file, 'utf8').split('\n');
  await first.stop();
  writeFileSync(file, [String(process.pid), ...lines.slice(1)].join('\n'));
  expect(pid()).toBeNull();
  const second = await open();
  expect(await query(second.connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await second.stop();
});

test('a folder too long for a socket gets its socket elsewhere', async () => {
  home = join(base, 'x'.repeat(60), 'y'.repeat(60));
  const long = await open();
  expect(await query(long.connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await long.stop();
});

const asRoot = process.getuid?.() === 0 ? test : test.skip;
asRoot(
  'under a closed home, root’s server runs in a folder that it can reach, the same at each start',
  async () => {
    const closed = join(base, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    home = join(closed, 'home');
    const first = await open();
    await query(first.connectionString, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    const second = await open();
    expect(await query(second.connectionString, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(folderOf(home).startsWith(closed)).toBe(false);
    await second.stop();
  },
);

test('only the server’s own user may reach the socket', async () => {
  const opened = await open();
  const [row] = await query<{ folder: string; listening: string }>(
    opened.connectionString,
    `SELECT current_setting('unix_socket_directories') AS folder, current_setting('listen_addresses') AS listening`,
  );
  expect(row?.listening).toBe('');
  expect(statSync(row?.folder ?? '').mode & 0o777).toBe(0o700);
  await opened.stop();
});

test('a DATABASE_URL that does not answer is named as the reason', async () => {
  const databaseUrl = 'postgresql://nobody@127.0.0.1:1/none';
  await expect(openPostgres({ home, databaseUrl })).rejects.toThrow(/DATABASE_URL: .*cannot be reached/);
});

test('the note of the running server may vanish while it is read', async () => {
  const data = join(folderOf(home), 'data');
  mkdirSync(data, { recursive: true });
  const file = join(data, 'postmaster.pid');
  const script = `const { writeFileSync, rmSync } = require('node:fs');
    for (const end = Date.now() + 1500; Date.now() < end; ) {
      writeFileSync(process.argv[1], '999999999'); rmSync(process.argv[1]);
    }`;
  const other = spawn(process.execPath, ['-e', script, file]);
  const ended = once(other, 'exit');
  for (let reads = 0; other.exitCode === null; reads++) {
    expect(pid()).toBeNull();
    if (reads % 200 === 0) await sleep(1); // so that its end is heard of
  }
  await ended;
});
