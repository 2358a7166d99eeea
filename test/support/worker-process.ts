import { setTimeout as sleep } from 'node:timers/promises';
import type { JobContext, JobOutcome } from '../../src/flow/job-handler.js';
import type { Job } from '../../src/domain/job.js';
import type { Ports } from '../../src/flow/ports.js';
import { openDatabase } from '../../src/infra/database/database.js';
import { openQueue } from '../../src/infra/queue/pg-boss-queue.js';
import { systemClock } from '../../src/infra/system-clock.js';
import { uuidIds } from '../../src/infra/uuid-ids.js';
import { startWorker } from '../../workers/start-worker.js';
import { workerPorts } from './test-ports.js';

/**
 * A worker in a process of its own, for tests that kill it. Its first argument is the database; its jobs hang in their
 * first attempt ('hang'), take 3 s ('linger'), or compute for 16 s without a pause ('block'); the second attempt ends at once.
 */
const [connectionString = '', manner = 'hang'] = process.argv.slice(2);

async function run(_: Ports, { attempt }: Job, { report, signal }: JobContext): Promise<JobOutcome> {
  report(0.1, `attempt ${attempt} by ${process.pid}`);
  await sleep(400);
  if (attempt === 1 && manner === 'hang') await sleep(600_000, undefined, { signal });
  if (attempt === 1 && manner === 'linger') await sleep(3_000);
  if (manner === 'block') blockFor(16_000);
  return { status: 'SUCCEEDED', result: { attempt, pid: process.pid } };
}

function blockFor(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

const queue = await openQueue({ connectionString, log: () => undefined });
const database = openDatabase({ connectionString, queue, ids: uuidIds(), clock: systemClock });
const { ports } = await workerPorts({ connectionString, ...database });
const spec = { timeoutMs: 60_000, heavy: true, run };
const specs = {
  ...{ 'generate-pictures': spec, 'import-catalogue': spec, 'train-ranker': spec, 'evaluate-ranker': spec },
  ...{ 'refresh-codes': spec, 'tag-works': spec, 'delete-works': spec, 'export-works': spec },
  'train-pictures': spec,
};
await startWorker(ports, queue, { specs });
process.stdout.write('ready\n');
