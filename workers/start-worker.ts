import { setTimeout as sleep } from 'node:timers/promises';
import type { JobId } from '../src/domain/ids.js';
import type { JobName } from '../src/flow/jobs.js';
import type { Ports } from '../src/flow/ports.js';
import { type Attempt, type AttemptSpec, runJob } from './run-job.js';
import { announcePresence } from './presence.js';
import { sweep } from './sweep.js';
import { watchDeadlines } from './watch-deadlines.js';
import { watchWebhooks } from './watch-webhooks.js';

/** The part of the queue that a worker uses. */
export interface WorkerQueue {
  work(options: {
    readonly concurrency: Readonly<Record<JobName, number>>;
    readonly handle: (name: JobName, attempt: Attempt) => Promise<void>;
    readonly handleDead: (jobId: JobId) => Promise<void>;
    readonly wakeups: Ports['wakeups'];
  }): Promise<void>;
  resend(jobs: readonly { readonly name: JobName; readonly id: JobId }[]): Promise<number>;
  close(graceMs?: number): Promise<void>;
}

type Specs = Readonly<Record<JobName, AttemptSpec & { readonly heavy: boolean }>>;

interface Options {
  readonly specs: Specs;
  /** How long jobs in hand may go on after `stop`; then they are handed back to other workers. */
  readonly graceMs?: number;
}

/**
 * Jobs that only wait for disk and database share a worker; of the heavy ones each kind runs one at a time. Four at once left the worker
 * waiting for answers: 436 short jobs a second on two cores, 539 with eight.
 */
const LIGHT_AT_ONCE = 8;
const GRACE_MS = 8_000;
/** After they were handed back, handlers get this long to end before the connections close under them. */
const SETTLE_MS = 5_000;

/** Takes jobs until `stop`, which takes no more, lets those in hand finish, and hands back what takes too long. */
export async function startWorker(
  ports: Ports,
  queue: WorkerQueue,
  { specs, graceMs = GRACE_MS }: Options,
): Promise<{ stop(): Promise<void> }> {
  const inHand = new Set<Promise<void>>();
  const stopping = new AbortController();
  const handle = async (name: JobName, attempt: Attempt): Promise<void> => {
    const running = runJob(ports, specs[name], attempt);
    inHand.add(running);
    await running.finally(() => inHand.delete(running));
  };
  const concurrency = concurrencyOf(specs);
  await queue.work({
    concurrency,
    handle,
    wakeups: ports.wakeups,
    handleDead: (jobId) => closeDead(ports, jobId),
  });
  const besides = Promise.all([
    sweep(ports, queue, stopping.signal),
    watchDeadlines(ports, stopping.signal),
    watchWebhooks(ports, stopping.signal),
    announcePresence(ports, concurrency, stopping.signal),
  ]);
  return {
    async stop() {
      stopping.abort();
      await besides;
      await queue.close(graceMs);
      await Promise.race([Promise.allSettled(inHand), sleep(SETTLE_MS, undefined, { ref: false })]);
    },
  };
}

function concurrencyOf(specs: Specs): Record<JobName, number> {
  const entries = Object.entries(specs).map(([name, { heavy }]) => [name, heavy ? 1 : LIGHT_AT_ONCE]);
  return Object.fromEntries(entries) as Record<JobName, number>;
}

/** A job that took its worker down with it each time it was tried. */
async function closeDead({ stores, clock, log }: Ports, jobId: JobId): Promise<void> {
  log('job.dead', { jobId });
  const message = 'Its worker ended without a word each time it was tried; an operator may run it again';
  const failure = { code: 'INTERNAL', message, retryable: false, provider: null } as const;
  await stores.jobs.finish(jobId, null, { status: 'FAILED', failure }, clock.now());
}
