import { mkdtempSync, chmodSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { migrate } from '../prisma/migrate.js';
import type { CatalogueId, JobId } from '../src/domain/ids.js';
import type { Ports } from '../src/flow/ports.js';
import { openDatabase } from '../src/infra/database/database.js';
import { openWakeups } from '../src/infra/database/wakeups.js';
import { connectionStringOf, startServer, stopServer } from '../src/infra/postgres/embedded-server.js';
import { openQueue } from '../src/infra/queue/pg-boss-queue.js';
import { systemClock } from '../src/infra/system-clock.js';
import { uuidIds } from '../src/infra/uuid-ids.js';
import { startWorker } from '../workers/start-worker.js';
import { reportBench } from './bench-report.js';
import { serverProcessorMs } from './server-processor.js';

const SEED = 1;
const IDLE_MS = 30_000;
/** Backends add what they did to the counters up to 10 s late. */
const COUNTED_MS = 15_000;
const LOOK_MS = 50;
const { values } = parseArgs({ options: { jobs: { type: 'string', default: '5000' } } });
const JOBS = Number(values.jobs);

const home = mkdtempSync(join(tmpdir(), 'vitrine-bench-jobs-'));
chmodSync(home, 0o755); // as root, the server runs as nobody and must be able to pass
const server = await startServer(home);
const connectionString = connectionStringOf(server, 'postgres');
await migrate(connectionString);
const queue = await openQueue({ connectionString, log: () => undefined });
const database = openDatabase({ connectionString, queue, ids: uuidIds(), clock: systemClock });
const wakeups = await openWakeups(connectionString);
const { stores, transaction } = database;
const parts = { stores, transaction, wakeups, clock: systemClock, ids: uuidIds(), log: () => undefined };
const ports = parts as unknown as Ports; // the jobs do nothing: the runner's own ports are all
const client = new pg.Client({ connectionString });
await client.connect();

await sendJobs();
await sleep(COUNTED_MS);
const before = await reading();
const run = () => Promise.resolve({ status: 'SUCCEEDED' as const });
const spec = { timeoutMs: 60_000, heavy: false, run };
const worker = await startWorker(ports, queue, {
  specs: {
    ...{ 'generate-pictures': spec, 'import-catalogue': spec, 'train-ranker': spec, 'evaluate-ranker': spec },
    ...{ 'refresh-codes': spec, 'tag-works': spec, 'delete-works': spec, 'export-works': spec },
    'train-pictures': spec,
  },
});
while ((await openJobs()) > 0) await sleep(LOOK_MS);
const { at: endedAt, workerMs, serverMs } = await reading();
const seconds = (endedAt - before.at) / 1000;
await sleep(COUNTED_MS);
const { transactions } = await reading();
await client.query('VACUUM ANALYZE'); // else the server's own, after so many jobs, is counted as the idle worker's
await sleep(COUNTED_MS);
const idleQueriesPerSecond = await idleQueries();
// the looks of this program and those of the idle worker, while the counters were on their way, are not the jobs'
const beside = (seconds * 1000) / LOOK_MS + idleQueriesPerSecond * (COUNTED_MS / 1000);
await worker.stop();
await wakeups.close();
await database.close();
await client.end();
await stopServer(server);
rmSync(home, { recursive: true, force: true });
rmSync(server.folder, { recursive: true, force: true });
const figures = {
  ...{ jobs: JOBS, jobsPerSecond: JOBS / seconds, idleQueriesPerSecond },
  transactionsPerJob: (transactions - before.transactions - beside) / JOBS,
  workerProcessorMsPerJob: (workerMs - before.workerMs) / JOBS,
  ...(serverMs === null || before.serverMs === null
    ? {}
    : { serverProcessorMsPerJob: (serverMs - before.serverMs) / JOBS }),
};
reportBench('jobs', figures, SEED);

/** Rows and messages as `createJob` makes them, a hundred in a transaction. */
async function sendJobs(): Promise<void> {
  const ids = uuidIds();
  for (let sent = 0; sent < JOBS; sent += 100) {
    await transaction(async (tx) => {
      for (let i = 0; i < Math.min(100, JOBS - sent); i++) {
        const id = ids.next() as JobId;
        const payload = { catalogueId: ids.next() as CatalogueId, seed: i, budgetSeconds: 1 };
        const job = { id, name: 'train-ranker', personId: null, payload, maxAttempts: 1 } as const;
        await tx.jobs.create({ ...job, createdAt: systemClock.now(), deadline: null });
        await tx.queue.send('train-ranker', id);
      }
    });
  }
}

async function openJobs(): Promise<number> {
  const { rows } = await client.query<{ open: number }>(
    `SELECT count(*)::int AS open FROM job WHERE status IN ('QUEUED', 'RUNNING')`,
  );
  return rows[0]?.open ?? 0;
}

/** What this process and the database have done so far. */
async function reading() {
  const { user, system } = process.cpuUsage();
  return {
    at: performance.now(),
    transactions: await countTransactions(),
    workerMs: (user + system) / 1000,
    serverMs: serverProcessorMs(server.folder),
  };
}

/** Transactions of the whole database in a time without work, the counter's own two left out; one statement each, mostly. */
async function idleQueries(): Promise<number> {
  const start = await countTransactions();
  await sleep(IDLE_MS);
  return ((await countTransactions()) - start - 2) / (IDLE_MS / 1000);
}

async function countTransactions(): Promise<number> {
  await client.query('SELECT pg_stat_clear_snapshot()');
  const { rows } = await client.query<{ count: number }>(
    'SELECT (xact_commit + xact_rollback)::int AS count FROM pg_stat_database WHERE datname = current_database()',
  );
  return rows[0]?.count ?? NaN;
}
