import { fromPrisma, PgBoss } from 'pg-boss';
import type { JobId } from '../../domain/ids.js';
import type { JobName, QueuedJob } from '../../flow/jobs.js';
import type { Log } from '../../flow/ports.js';
import type { TransactionalQueue } from '../database/database.js';
import { type Heartbeat, startHeartbeat } from './heartbeat-thread.js';
import {
  DEAD_LETTERS,
  HEARTBEAT_REFRESH_SECONDS,
  JOB_QUEUES,
  QUEUE_OPTIONS,
  SUPERVISE_SECONDS,
} from './job-queues.js';

/** A message in hand. Throwing hands it back, to be tried again later. */
export interface Delivery {
  readonly jobId: JobId;
  /** Aborts when the queue took the message away from us. */
  readonly signal: AbortSignal;
}

export interface WorkerOptions {
  /** How many jobs of a name this process runs at once; 0 leaves them to other workers. */
  readonly concurrency: Readonly<Record<JobName, number>>;
  readonly handle: (name: JobName, delivery: Delivery) => Promise<void>;
  /** A job that took down its worker again and again. */
  readonly handleDead: (jobId: JobId) => Promise<void>;
}

export interface OpenQueue extends TransactionalQueue {
  /** Starts to take messages; resolves at once. */
  work(options: WorkerOptions): Promise<void>;
  /** New messages for jobs that have none waiting or in hand. */
  resend(jobs: readonly { readonly name: JobName; readonly id: JobId }[]): Promise<number>;
  /** Takes no new message, waits for those in hand, hands back what is not done in time. */
  close(graceMs?: number): Promise<void>;
}

/** New jobs come with a notice; what is tried again later has none, so this is also how late a retry may be. */
const IDLE_POLL_SECONDS = 4;

/** The queue in our own Postgres (schema `pgboss`). Only a worker needs `supervise`: it looks for dead workers. */
export async function openQueue(options: {
  readonly connectionString: string;
  readonly log: Log;
  readonly supervise: boolean;
}): Promise<OpenQueue> {
  const boss = new PgBoss({
    connectionString: options.connectionString,
    application_name: 'vitrine queue',
    max: 4,
    useListenNotify: options.supervise,
    schedule: false,
    supervise: options.supervise,
    superviseIntervalSeconds: SUPERVISE_SECONDS,
    monitorIntervalSeconds: SUPERVISE_SECONDS,
  });
  boss.on('error', (error) => options.log('queue.error', { message: error.message }));
  boss.on('warning', ({ message }) => options.log('queue.warning', { message }));
  await boss.start({ attempts: 3 });
  await createQueues(boss);
  let heartbeat: Heartbeat | null = null;
  return {
    async send(name, jobId, db) {
      // the job's own id: sent twice, it is there once
      await boss.send(name, { jobId } satisfies QueuedJob, { id: jobId, db: fromPrisma(db) });
    },
    async work(worker) {
      heartbeat = startHeartbeat(options.connectionString);
      await startWorking(boss, heartbeat, worker);
    },
    resend: (jobs) => resend(boss, jobs),
    async close(graceMs = 0) {
      await boss.stop({ graceful: graceMs > 0, timeout: Math.max(1_000, graceMs) });
      await heartbeat?.stop();
    },
  };
}

async function createQueues(boss: PgBoss): Promise<void> {
  const known = new Set((await boss.getQueues()).map(({ name }) => name));
  if (!known.has(DEAD_LETTERS)) await boss.createQueue(DEAD_LETTERS, { notify: true });
  for (const name of JOB_QUEUES) {
    if (known.has(name)) await boss.updateQueue(name, QUEUE_OPTIONS);
    else await boss.createQueue(name, QUEUE_OPTIONS);
  }
}

async function startWorking(
  boss: PgBoss,
  heartbeat: Heartbeat,
  { concurrency, handle, handleDead }: WorkerOptions,
): Promise<void> {
  const polling = { pollingIntervalSeconds: 0.5, notifyPollingIntervalSeconds: IDLE_POLL_SECONDS };
  for (const name of JOB_QUEUES) {
    for (let place = 0; place < concurrency[name]; place++) {
      const worker: string = await boss.work<QueuedJob>(
        name,
        { ...polling, heartbeatRefreshSeconds: HEARTBEAT_REFRESH_SECONDS },
        async ([message]) => {
          if (message === undefined) return;
          const { id, retryCount, signal } = message;
          heartbeat.hold({ queue: name, id, retryCount });
          await handle(name, { jobId: message.data.jobId, signal }).finally(() => {
            heartbeat.release(id);
            boss.notifyWorker(worker); // looks for the next job at once; left alone it sleeps until its poll
          });
        },
      );
    }
  }
  await boss.work<QueuedJob>(DEAD_LETTERS, polling, async ([message]) => {
    if (message !== undefined) await handleDead(message.data.jobId);
  });
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
