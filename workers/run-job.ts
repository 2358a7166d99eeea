import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '../src/domain/errors.js';
import type { JobId } from '../src/domain/ids.js';
import type { Job, JobFailure } from '../src/domain/job.js';
import type { JobContext, JobOutcome } from '../src/flow/job-handler.js';
import type { Ports } from '../src/flow/ports.js';
import { attemptClock } from './attempt-clock.js';
import { progressWriter } from './progress-writer.js';
import { watchRow } from './watch-rows.js';

/** Why an attempt was told to stop. */
export type Stop =
  | 'canceled' // the row is finished, or another worker holds it: nothing left to say
  | 'deadline'
  | 'timeout'
  | 'handed-back'; // the queue took the message back, or this process shuts down

export interface Attempt {
  readonly jobId: JobId;
  /** Aborts when the message is no longer ours. */
  readonly signal: AbortSignal;
}

/** Any row of the registry; its name decided which payload the job's row carries. */
export interface AttemptSpec {
  readonly timeoutMs: number;
  readonly run: (ports: Ports, job: never, context: JobContext) => Promise<JobOutcome>;
}

/** A handler that does not stop in this time after its signal is left behind; the fence refuses its late writes. */
const STOP_GRACE_MS = 10_000;

/** Runs one attempt of one job. Resolves when the message is done with; rejects to have it delivered again. */
export async function runJob(ports: Ports, spec: AttemptSpec, { jobId, signal }: Attempt): Promise<void> {
  const { jobs } = ports.stores;
  const job = await jobs.start(jobId, ports.clock.now());
  if (job === null) return; // finished before: canceled, or the last attempt died between its two writes
  if (msUntil(ports, job.deadline) <= 0) {
    await jobs.finish(jobId, job.fence, { status: 'EXPIRED' }, ports.clock.now());
    return;
  }
  const attempt = beginAttempt(ports, job, { timeoutMs: spec.timeoutMs, signal });
  try {
    const progress = progressWriter(ports, job, () => attempt.stop('canceled'));
    const { signal: stopping, pause } = attempt;
    const context: JobContext = { signal: stopping, fence: job.fence, report: progress.report, pause };
    const running = spec.run(ports, job as never, context);
    const outcome = await orGiveUp(running, attempt.signal).finally(progress.flush);
    await finish(ports, job, outcome);
  } catch (error) {
    await afterError(ports, job, { error, stop: attempt.stopped() });
  } finally {
    attempt.end();
  }
}

interface RunningAttempt {
  readonly signal: AbortSignal;
  readonly pause: JobContext['pause'];
  stop(reason: Stop): void;
  stopped(): Stop | null;
  end(): void;
}

/** Everything that may stop an attempt, in one signal. */
function beginAttempt(
  ports: Ports,
  job: Job,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): RunningAttempt {
  const stopping = new AbortController();
  let reason: Stop | null = null;
  const stop = (why: Stop): void => {
    if (reason !== null) return;
    reason = why;
    stopping.abort(new Error(`the job was stopped: ${why}`));
  };
  const handBack = (): void => stop('handed-back');
  signal.addEventListener('abort', handBack, { once: true });
  if (signal.aborted) handBack();
  const clock = attemptClock(timeoutMs, () => stop('timeout'));
  // a timer takes at most 2^31 - 1 ms, about 24 days
  const deadline = setTimeout(() => stop('deadline'), Math.min(msUntil(ports, job.deadline), 2 ** 31 - 1));
  const unwatch = watchRow(ports, job, () => stop('canceled'));
  return {
    signal: stopping.signal,
    pause: (ms) => clock.uncounted(() => sleep(ms, undefined, { signal: stopping.signal })),
    stop,
    stopped: () => reason,
    end: () => {
      unwatch();
      clock.end();
      clearTimeout(deadline);
      signal.removeEventListener('abort', handBack);
    },
  };
}

/** The handler's result, or a rejection when it ignores its signal for too long. */
async function orGiveUp(running: Promise<JobOutcome>, signal: AbortSignal): Promise<JobOutcome> {
  const settled = new AbortController();
  const givenUp = async (): Promise<never> => {
    await aborted(signal, settled.signal);
    await sleep(STOP_GRACE_MS, undefined, { signal: settled.signal });
    throw signal.reason;
  };
  const waiting = givenUp();
  waiting.catch(() => undefined); // lost the race: nobody waits for it any more
  return Promise.race([running, waiting]).finally(() => settled.abort());
}

/** Resolves when the signal aborts; rejects when there is nothing to wait for any more. */
function aborted(signal: AbortSignal, over: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true, signal: over });
    over.addEventListener('abort', () => reject(new Error('over')), { once: true });
  });
}

async function finish(ports: Ports, job: Job, outcome: JobOutcome): Promise<void> {
  const isFinal = await ports.stores.jobs.finish(job.id, job.fence, outcome, ports.clock.now());
  ports.log('job.finished', { jobId: job.id, name: job.name, status: outcome.status, isFinal });
}

async function afterError(
  ports: Ports,
  job: Job,
  { error, stop }: { readonly error: unknown; readonly stop: Stop | null },
): Promise<void> {
  const { jobs } = ports.stores;
  if (stop === 'canceled') return;
  if (stop === 'handed-back') throw error;
  if (!(await isHeld(ports, job))) return; // a write was refused before the watch saw the cancel
  if (stop === 'deadline') {
    await jobs.finish(job.id, job.fence, { status: 'EXPIRED' }, ports.clock.now());
    return;
  }
  const failure = failureOf(error, stop);
  ports.log('job.attempt-failed', { jobId: job.id, name: job.name, attempt: job.attempt, error });
  if (job.attempt < job.maxAttempts && isWorthRepeating(error)) throw error;
  await jobs.finish(job.id, job.fence, { status: 'FAILED', failure }, ports.clock.now());
}

async function isHeld({ stores }: Ports, { id, fence }: Job): Promise<boolean> {
  const row = await stores.jobs.byId(id);
  return row?.status === 'RUNNING' && row.fence === fence;
}

/** What the caller did wrong will be wrong again; everything else may have been bad luck. */
function isWorthRepeating(error: unknown): boolean {
  return !(error instanceof DomainError) || error.retryable;
}

function failureOf(error: unknown, stop: Stop | null): JobFailure {
  if (stop === 'timeout') {
    const message = 'One attempt took longer than it may';
    return { code: 'DEADLINE_EXCEEDED', message, retryable: true, provider: null };
  }
  if (!(error instanceof DomainError)) {
    return { code: 'INTERNAL', message: 'Internal error', retryable: false, provider: null };
  }
  const { code, message, retryable, provider } = error;
  return { code, message, retryable, provider };
}

function msUntil({ clock }: Pick<Ports, 'clock'>, deadline: Date | null): number {
  return deadline === null ? Infinity : deadline.getTime() - clock.now().getTime();
}
