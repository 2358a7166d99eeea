#!/usr/bin/env node
// Stand-in for Prisma's native schema engine, which the CLI would download: the same JSON-RPC protocol over stdio,
// answered by the WebAssembly build of the same engine (npm: @prisma/schema-engine-wasm) over @prisma/adapter-pg.
// A tool for development: the product applies migrations with prisma/migrate.ts.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import * as runtime from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';
import connectionStrings from 'pg-connection-string';

/** Postgres' own one-byte type "char", which catalogue queries return and the client adapter does not know. */
const CHAR_OID = 18;
const TEXT_OID = 25;
const NO_DATABASE = 'postgresql://invalid.invalid/none';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: {
    datasource: { type: 'string' },
    datamodels: { type: 'string', short: 'd', multiple: true },
    'enabled-preview-features': { type: 'string' },
  },
});
const url = values.datasource ? JSON.parse(values.datasource).url : undefined;

if (process.argv.includes('--version')) console.log('schema-engine-cli wasm');
else if (positionals[0] === 'cli') await runCommand(positionals[1]);
else await serve();
process.exit(0);

/** Fields, not a string: given a string, the adapter's shadow database would be the main database. */
function connectionOf(text) {
  const { host, port, user, password, database, ssl } = connectionStrings.parse(text);
  return { host, port: Number(port || 5432), user, password, database, ...(ssl ? { ssl } : {}) };
}

async function withClient(config, work) {
  const client = new pg.Client(config);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** `cli can-connect-to-database | create-database | drop-database`: answers by exit code and log lines on stderr. */
async function runCommand(command) {
  console.error('schema-engine (wasm)'); // the caller skips the first line
  const config = connectionOf(url);
  const maintenance = { ...config, database: 'postgres' };
  const name = pg.escapeIdentifier(config.database ?? '');
  try {
    if (command === 'can-connect-to-database') await withClient(config, async () => undefined);
    if (command === 'create-database') {
      await withClient(maintenance, (client) => client.query(`CREATE DATABASE ${name}`));
    }
    if (command === 'drop-database') {
      await withClient(maintenance, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
      console.error('The database was successfully dropped');
    }
  } catch (error) {
    if (error.code === '3D000') fail('P1003', `Database ${name} does not exist`);
    fail(error.code === '28P01' ? 'P1000' : 'P1001', `Can't reach database server: ${error.message}`);
  }
}

function fail(code, message) {
  const fields = { is_panic: false, message, error_code: code, meta: {} };
  const line = {
    level: 'ERROR',
    timestamp: new Date().toISOString(),
    target: 'schema_engine::logger',
    fields,
  };
  console.error(JSON.stringify(line));
  process.exit(1);
}

/** One JSON-RPC request a line on stdin, one answer a line on stdout, until stdin ends. */
async function serve() {
  loadEngine();
  const adapter = bindMigrationAwareSqlAdapterFactory(mendedFactory());
  const datamodels = values.datamodels?.map((path) => [path, readFileSync(path, 'utf8')]);
  let engine;
  for await (const line of createInterface({ input: process.stdin })) {
    if (!line.trim()) continue;
    const { id, method, params } = JSON.parse(line);
    if (!method) continue; // the answer to our own "print" request
    try {
      engine ??= await runtime.SchemaEngine.new({ datamodels }, () => {}, adapter);
      send({ id, result: await call(engine, { id, method, params }) });
    } catch (error) {
      const data = { is_panic: false, message: error?.message ?? String(error), meta: null };
      const message = 'An error happened. Check the data field for details.';
      send({ id, error: { code: 4466, message, data: { ...data, error_code: error?.code ?? null } } });
    }
  }
}

function loadEngine() {
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  globalThis.PRISMA_WASM_PANIC_REGISTRY = {
    set_message(message) {
      console.error('PANIC', message);
    },
  };
  const module = new WebAssembly.Module(readFileSync(entry.replace(/\.js$/, '.wasm')));
  const instance = new WebAssembly.Instance(module, { './schema_engine_bg.js': runtime });
  runtime.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}

function send(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

async function call(engine, { id, method, params }) {
  // this engine replays the migrations on a shadow database in devDiagnostic only, and remembers what came out
  if (method === 'evaluateDataLoss' || method === 'createMigration') {
    await engine.devDiagnostic({ migrationsList: params.migrationsList, filters: params.filters });
  }
  const result = await engine[method === 'getDatabaseVersion' ? 'version' : method](params);
  if (method !== 'diff' || !result?.stdout) return result ?? null;
  // the native engine prints through a request to its caller
  send({ id: id + 1_000_000, method: 'print', params: { content: result.stdout } });
  return { exitCode: result.exitCode };
}

function mendedFactory() {
  const config = connectionOf(url ?? NO_DATABASE);
  const schema = url ? (new URL(url).searchParams.get('schema') ?? undefined) : undefined;
  const factory = new PrismaPg(config, { schema });
  const connect = factory.connect.bind(factory);
  factory.connect = async () => mended(await connect());
  factory.connectToShadowDb = async () => {
    const main = await factory.connect();
    const database = `prisma_migrate_shadow_db_${randomUUID()}`;
    await main.executeScript(`CREATE DATABASE "${database}"`);
    const shadow = await new PrismaPg({ ...config, database }, { schema }).connect();
    const disconnect = shadow.dispose.bind(shadow);
    // dropped only after its own connections are closed
    shadow.dispose = async () => {
      await disconnect();
      await main.executeScript(`DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`);
      await main.dispose();
    };
    return mended(shadow);
  };
  return factory;
}

/** Teaches the adapter the type "char", and to send a script whole: it splits at every ";", which breaks $$ bodies. */
function mended(adapter) {
  const own = Object.getPrototypeOf(adapter);
  if (own.isMended) return adapter;
  own.isMended = true;
  const base = Object.getPrototypeOf(own);
  const { performIO, queryRaw } = base;
  const charColumns = new WeakMap();
  base.performIO = async function (query) {
    const result = await performIO.call(this, query);
    const columns = [...(result.fields ?? []).keys()].filter((i) => result.fields[i].dataTypeID === CHAR_OID);
    for (const i of columns) result.fields[i].dataTypeID = TEXT_OID;
    charColumns.set(query, columns);
    return result;
  };
  base.queryRaw = async function (query) {
    const result = await queryRaw.call(this, query);
    for (const i of charColumns.get(query) ?? []) result.columnTypes[i] = ColumnTypeEnum.Character;
    return result;
  };
  own.executeScript = async function (script) {
    try {
      await this.client.query(script);
    } catch (error) {
      this.onError(error);
    }
  };
  return adapter;
}
