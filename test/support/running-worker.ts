import { setTimeout as sleep } from 'node:timers/promises';
import type { JobId } from '../../src/domain/ids.js';
import { isFinished, type Job } from '../../src/domain/job.js';
import type { JobContext, JobOutcome } from '../../src/flow/job-handler.js';
import type { Ports } from '../../src/flow/ports.js';
import { openQueue } from '../../src/infra/queue/pg-boss-queue.js';
import { startWorker } from '../../workers/start-worker.js';
import type { TestDatabase } from './test-database.js';
import { workerPorts } from './test-ports.js';
import { newJob, world } from './world.js';

export type Handler = (job: Job, context: JobContext, ports: Ports) => Promise<JobOutcome>;

export const SUCCEEDED = { status: 'SUCCEEDED' } as const;

export interface RunningWorkerOptions {
  readonly timeoutMs?: number;
  readonly graceMs?: number;
  /** One job of a name at a time, not four. */
  readonly heavy?: boolean;
  /** The ports that its handler gets; those of the runner alone when left out. */
  readonly ports?: Ports;
}

/** Workers for the duration of one test, and what a test asks of their jobs. */
export function runningWorker(database: TestDatabase) {
  async function withWorker<T>(
    handler: Handler,
    work: (worker: { stop: () => Promise<void> }, ports: Ports) => Promise<T>,
    { timeoutMs = 60_000, graceMs = 500, heavy = false, ports: given }: RunningWorkerOptions = {},
  ): Promise<T> {
    const own = await workerPorts(database);
    const ports = given ?? own.ports;
    const { connectionString } = database;
    const queue = await openQueue({ connectionString, log: () => undefined });
    const run = (handed: Ports, job: never, context: JobContext) => handler(job, context, handed);
    const spec = { timeoutMs, heavy, run };
    const specs = {
      ...{
        'generate-pictures': spec,
        'import-catalogue': spec,
        'train-ranker': spec,
        'evaluate-ranker': spec,
      },
      ...{ 'refresh-codes': spec, 'tag-works': spec, 'delete-works': spec, 'export-works': spec },
      'train-pictures': spec,
    };
    const worker = await startWorker(ports, queue, { specs, graceMs });
    try {
      return await work(worker, ports);
    } finally {
      await worker.stop();
      await own.close();
    }
  }

  async function send(changes: Parameters<typeof newJob>[1] = {}): Promise<JobId> {
    const { people } = await world(database);
    const job = newJob(people[0].id, changes);
    await database.transaction(async (tx) => {
      await tx.jobs.create(job);
      await tx.queue.send(job.name, job.id);
    });
    return job.id;
  }

  async function until(id: JobId, reached: (job: Job) => boolean, timeoutMs = 20_000): Promise<Job> {
    const limit = performance.now() + timeoutMs;
    for (;;) {
      const job = await database.stores.jobs.byId(id);
      if (job !== null && reached(job)) return job;
      if (performance.now() > limit) throw new Error(`the job is still ${JSON.stringify(job)}`);
      await sleep(20);
    }
  }

  return {
    ...{ withWorker, send, until },
    finished: (id: JobId, timeoutMs?: number) => until(id, ({ status }) => isFinished(status), timeoutMs),
    /** Has been taken: a short job may have ended before anybody looks. */
    running: (id: JobId) => until(id, ({ status }) => status !== 'QUEUED'),
  };
}

/** Waits for its signal, as a good handler does. */
export const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true }),
  );
