import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../prisma/migrate.js';
import { connectionStringOf } from '../../src/infra/postgres/embedded-server.js';
import { uuidIds } from '../../src/infra/uuid-ids.js';
import { inMaintenance, testServer } from '../support/test-server.js';

const NAME = `migrations_${uuidIds().next().replaceAll('-', '')}`;
let connectionString = '';
const folder = mkdtempSync(join(tmpdir(), 'migrations-'));

/** An empty database and a copy of the migrations, new for each test. */
beforeEach(async () => {
  const server = await testServer();
  connectionString = connectionStringOf(server, NAME);
  await inMaintenance(server, async (admin) => {
    await admin.query(`DROP DATABASE IF EXISTS ${NAME} WITH (FORCE)`);
    await admin.query(`CREATE DATABASE ${NAME}`);
  });
  rmSync(folder, { recursive: true });
  cpSync('prisma/migrations', folder, { recursive: true });
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await inMaintenance(await testServer(), (admin) => admin.query(`DROP DATABASE ${NAME} WITH (FORCE)`));
});

const names = () =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

function addMigration(name: string, sql: string): void {
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, 'migration.sql'), sql);
}

async function query(sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return (await client.query(sql).finally(() => client.end())).rows as unknown[];
}

function prisma(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/prisma.mjs', ...args], {
    encoding: 'utf8',
    env: { ...process.env, DATABASE_URL: connectionString },
  });
  return { status, output: stdout + stderr };
}

const schemaAgrees = () =>
  prisma('migrate', 'diff', '--from-config-datasource', '--to-schema', 'prisma/schema.prisma', '--exit-code');

test('every migration is applied once, also by many processes at once', async () => {
  const applied = await Promise.all(Array.from({ length: 4 }, () => migrate(connectionString, folder)));
  expect(applied.filter((list) => list.length > 0)).toEqual([names()]);
  expect(await migrate(connectionString, folder)).toEqual([]);
});

test('the migrations and the Prisma schema say the same, and Prisma finds nothing left to do', async () => {
  await migrate(connectionString, folder);
  expect(schemaAgrees()).toMatchObject({
    status: 0,
    output: expect.stringContaining('No difference') as string,
  });
  expect(prisma('migrate', 'status')).toMatchObject({
    status: 0,
    output: expect.stringContaining('up to date') as string,
  });
});

test('the comparison sees a column that only the database has', async () => {
  await migrate(connectionString, folder);
  await query('ALTER TABLE item ADD COLUMN colour text');
  expect(schemaAgrees()).toMatchObject({ status: 2, output: expect.stringContaining('colour') as string });
});

test('a migration that fails changes nothing, says why, and can be mended', async () => {
  addMigration('9998_good', 'CREATE TABLE good (id int);');
  addMigration('9999_bad', 'CREATE TABLE half (id int); SELECT nonsense();');
  await expect(migrate(connectionString, folder)).rejects.toThrow(/9999_bad failed .*nonsense/);
  expect(await query(`SELECT to_regclass('good') AS good, to_regclass('half') AS half`)).toEqual([
    { good: 'good', half: null },
  ]);
  addMigration('9999_bad', 'CREATE TABLE half (id int);');
  expect(await migrate(connectionString, folder)).toEqual(['9999_bad']);
});

test('a migration that was changed after it was applied is refused', async () => {
  addMigration('9998_good', 'CREATE TABLE good (id int);');
  await migrate(connectionString, folder);
  addMigration('9998_good', 'CREATE TABLE good (id bigint);');
  await expect(migrate(connectionString, folder)).rejects.toThrow('9998_good was changed');
});

test('a database that is newer than the program is refused', async () => {
  addMigration('9999_future', 'CREATE TABLE future (id int);');
  await migrate(connectionString, folder);
  rmSync(join(folder, '9999_future'), { recursive: true });
  await expect(migrate(connectionString, folder)).rejects.toThrow('9999_future');
});

test('the models of an older installation get a history, and can be rolled back', async () => {
  rmSync(join(folder, '0002_model_registry'), { recursive: true });
  for (const later of names().filter((name) => name > '0002_model_registry'))
    rmSync(join(folder, later), { recursive: true });
  await migrate(connectionString, folder);
  await query(`INSERT INTO model_version
      (id, family, version, role, state, trained_at, data_snapshot, seed, card, metrics)
    SELECT gen_random_uuid(), 'old', n::text, 'RANKER', CASE n WHEN 3 THEN 'LIVE' WHEN 4 THEN 'CANDIDATE' ELSE 'RETIRED' END,
           '2026-01-01'::timestamptz + n * interval '1 day', 'words', 1, '', '[]'
      FROM generate_series(1, 4) AS n`);
  cpSync('prisma/migrations/0002_model_registry', join(folder, '0002_model_registry'), { recursive: true });
  expect(await migrate(connectionString, folder)).toEqual(['0002_model_registry']);
  const history = await query(`SELECT m.version, t."from", t."to", r.version AS replaced
      FROM model_transition t JOIN model_version m ON m.id = t.model_version_id
      LEFT JOIN model_version r ON r.id = t.replaced_id ORDER BY m.version, t.at, t."to"`);
  expect(history).toEqual([
    { version: '1', from: 'CANDIDATE', to: 'LIVE', replaced: null },
    { version: '1', from: 'LIVE', to: 'RETIRED', replaced: null },
    { version: '2', from: 'CANDIDATE', to: 'LIVE', replaced: '1' },
    { version: '2', from: 'LIVE', to: 'RETIRED', replaced: null },
    { version: '3', from: 'CANDIDATE', to: 'LIVE', replaced: '2' },
  ]);
});
