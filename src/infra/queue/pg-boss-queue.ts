import pg from 'pg';
import { fromPrisma, PgBoss } from 'pg-boss';
import type { JobId } from '../../domain/ids.js';
import type { JobName, QueuedJob } from '../../flow/jobs.js';
import type { Log, Wakeups } from '../../flow/ports.js';
import type { TransactionalQueue } from '../database/database.js';
import { startHeartbeat } from './heartbeat-thread.js';
import { DEAD_LETTERS, JOB_QUEUES, QUEUE_OPTIONS } from './job-queues.js';
import { pulse } from './queue-pulse.js';
import { type Delivery, MessageTaker } from './take-messages.js';

export interface WorkerOptions {
  /** How many jobs of a name this process runs at once; 0 leaves them to other workers. */
  readonly concurrency: Readonly<Record<JobName, number>>;
  readonly handle: (name: JobName, delivery: Delivery) => Promise<void>;
  /** A job that took down its worker again and again. */
  readonly handleDead: (jobId: JobId) => Promise<void>;
  /** The topic `queue:<name>` says that a new job came. */
  readonly wakeups: Wakeups;
}

export interface OpenQueue extends TransactionalQueue {
  /** Starts to take messages; resolves at once. */
  work(options: WorkerOptions): Promise<void>;
  /** New messages for jobs that have none waiting or in hand. */
  resend(jobs: readonly { readonly name: JobName; readonly id: JobId }[]): Promise<number>;
  /** Takes no new message, waits for those in hand, hands back what is not done in time. */
  close(graceMs?: number): Promise<void>;
}

/** Old messages and figures of the queue's own are seen to this often; what is urgent is the pulse's. */
const TIDY_MS = 600_000;

/** The queue in our own Postgres (schema `pgboss`). */
export async function openQueue(options: {
  readonly connectionString: string;
  readonly log: Log;
}): Promise<OpenQueue> {
  const boss = new PgBoss({
    connectionString: options.connectionString,
    application_name: 'vitrine queue',
    max: 4,
    schedule: false,
    supervise: false, // its own polls cost four statements every few seconds; the pulse calls it when there is something to see
    monitorIntervalSeconds: 1,
  });
  boss.on('error', (error) => options.log('queue.error', { message: error.message }));
  boss.on('warning', ({ message }) => options.log('queue.warning', { message }));
  await boss.start({ attempts: 3 });
  await createQueues(boss);
  let working: Working | null = null;
  return {
    async send(name, jobId, db) {
      // the job's own id: sent twice, it is there once
      await boss.send(name, { jobId } satisfies QueuedJob, { id: jobId, db: fromPrisma(db) });
    },
    work(worker) {
      working = startWorking(boss, worker, options);
      return Promise.resolve();
    },
    resend: (jobs) => resend(boss, jobs),
    async close(graceMs = 0) {
      await working?.close(graceMs);
      working = null;
      await boss.stop({ graceful: false });
    },
  };
}

async function createQueues(boss: PgBoss): Promise<void> {
  const known = new Set((await boss.getQueues()).map(({ name }) => name));
  if (!known.has(DEAD_LETTERS)) await boss.createQueue(DEAD_LETTERS);
  for (const name of JOB_QUEUES) {
    if (known.has(name)) await boss.updateQueue(name, QUEUE_OPTIONS);
    else await boss.createQueue(name, QUEUE_OPTIONS);
  }
}

interface Working {
  close(graceMs: number): Promise<void>;
}

function startWorking(
  boss: PgBoss,
  { concurrency, handle, handleDead, wakeups }: WorkerOptions,
  { connectionString, log }: { readonly connectionString: string; readonly log: Log },
): Working {
  const heartbeat = startHeartbeat(connectionString);
  const parts = { boss, wakeups, heartbeat, log };
  const takers = new Map<string, MessageTaker>();
  for (const queue of JOB_QUEUES) {
    if (concurrency[queue] === 0) continue;
    const options = {
      queue,
      places: concurrency[queue],
      handle: (delivery: Delivery) => handle(queue, delivery),
    };
    takers.set(queue, new MessageTaker(parts, options));
  }
  const handleLetter = ({ jobId }: Delivery) => handleDead(jobId);
  takers.set(DEAD_LETTERS, new MessageTaker(parts, { queue: DEAD_LETTERS, places: 1, handle: handleLetter }));
  const watching = startWatching(boss, takers, { connectionString, log });
  return {
    async close(graceMs) {
      await watching.close();
      await Promise.all([...takers.values()].map((taker) => taker.close(graceMs)));
      await heartbeat.stop();
    },
  };
}

/** What comes without a notice, and the queue's own tidying. */
function startWatching(
  boss: PgBoss,
  takers: ReadonlyMap<string, MessageTaker>,
  { connectionString, log }: { readonly connectionString: string; readonly log: Log },
): { close(): Promise<void> } {
  const stopping = new AbortController();
  const pool = new pg.Pool({ connectionString, max: 1, application_name: 'vitrine pulse' });
  pool.on('error', () => undefined); // the next pulse connects anew
  const supervise = (): Promise<void> =>
    boss.supervise().catch((error: unknown) => log('queue.supervise-failed', { error }));
  const tidying = setInterval(() => void supervise(), TIDY_MS);
  const options = {
    ...{ pool, log, queues: [...takers.keys()], onLapsed: supervise },
    onDue: (queue: string) => takers.get(queue)?.look(),
  };
  const beating = pulse(options, stopping.signal);
  return {
    async close() {
      clearInterval(tidying);
      stopping.abort();
      await beating;
      await pool.end();
    },
  };
}

async function resend(
  boss: PgBoss,
  jobs: readonly { readonly name: JobName; readonly id: JobId }[],
): Promise<number> {
  for (const { name, id } of jobs) {
    await boss.deleteJob(name, id); // a message that was completed while its job was not
    await boss.send(name, { jobId: id } satisfies QueuedJob, { id });
  }
  return jobs.length;
}
