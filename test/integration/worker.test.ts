import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '../../src/domain/errors.js';
import type { JobId } from '../../src/domain/ids.js';
import { isFinished, type Job } from '../../src/domain/job.js';
import type { JobContext, JobOutcome } from '../../src/flow/job-handler.js';
import type { Ports } from '../../src/flow/ports.js';
import { openQueue } from '../../src/infra/queue/pg-boss-queue.js';
import { startWorker } from '../../workers/start-worker.js';
import { withDatabase } from '../support/test-database.js';
import { workerPorts } from '../support/test-ports.js';
import { newJob, world } from '../support/world.js';

const database = withDatabase();
type Handler = (job: Job, context: JobContext) => Promise<JobOutcome>;
const SUCCEEDED = { status: 'SUCCEEDED' } as const;

/** A worker for the duration of one test, whose every job is done by this handler. */
async function withWorker<T>(
  handler: Handler,
  work: (worker: { stop: () => Promise<void> }, ports: Ports) => Promise<T>,
  { timeoutMs = 60_000, graceMs = 500 } = {},
): Promise<T> {
  const { ports, close } = await workerPorts(database);
  const queue = await openQueue({
    connectionString: database.connectionString,
    log: () => undefined,
    supervise: true,
  });
  const spec = {
    timeoutMs,
    heavy: false,
    run: (_: Ports, job: never, context: JobContext) => handler(job, context),
  };
  const specs = {
    ...{ 'generate-pictures': spec, 'import-catalogue': spec, 'train-ranker': spec, 'evaluate-ranker': spec },
    ...{ 'refresh-codes': spec, 'tag-works': spec, 'delete-works': spec, 'export-works': spec },
    'train-pictures': spec,
  };
  const worker = await startWorker(ports, queue, { specs, graceMs });
  try {
    return await work(worker, ports);
  } finally {
    await worker.stop();
    await close();
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
const finished = (id: JobId) => until(id, ({ status }) => isFinished(status));
const running = (id: JobId) => until(id, ({ status }) => status === 'RUNNING');

/** Waits for its signal, as a good handler does. */
const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true }),
  );

test('a job runs, reports and ends', async () => {
  const handler: Handler = async (_, { report }) => {
    report(0.5, 'painting');
    await sleep(600);
    report(0.9, 'drying');
    return { status: 'SUCCEEDED', result: { pictures: 2 } };
  };
  await withWorker(handler, async () => {
    const id = await send();
    expect(await finished(id)).toMatchObject({
      status: 'SUCCEEDED',
      progress: 1,
      attempt: 1,
      result: { pictures: 2 },
    });
    const events = await database.stores.jobs.eventsAfter(id, 0n, 50);
    expect(events.map((event) => ('stage' in event ? event.stage : event.kind))).toEqual([
      'STARTED',
      'painting',
      'drying',
      'FINISHED',
    ]);
  });
});

test('a canceled job stops within a second or so and stays canceled', async () => {
  let stoppedAt = 0;
  const handler: Handler = async (_, { signal }) => {
    await untilAborted(signal).finally(() => (stoppedAt = performance.now()));
    return SUCCEEDED;
  };
  await withWorker(handler, async () => {
    const id = await send();
    await running(id);
    const canceledAt = performance.now();
    expect(await database.stores.jobs.finish(id, null, { status: 'CANCELED' }, new Date())).toBe(true);
    await sleep(1_500);
    expect(stoppedAt - canceledAt).toBeGreaterThan(0);
    expect(stoppedAt - canceledAt).toBeLessThan(1_500);
    expect(await finished(id)).toMatchObject({ status: 'CANCELED' });
  });
});

test('a handler that finishes although its job was canceled changes nothing', async () => {
  const handler: Handler = async () => {
    await sleep(1_000);
    return SUCCEEDED;
  };
  await withWorker(handler, async () => {
    const id = await send();
    await running(id);
    await database.stores.jobs.finish(id, null, { status: 'CANCELED' }, new Date());
    await sleep(1_500);
    expect(await finished(id)).toMatchObject({ status: 'CANCELED', result: null });
  });
});

test('a failing job is tried again until it works', async () => {
  const handler: Handler = ({ attempt }) =>
    attempt < 3 ? Promise.reject(new Error('bad luck')) : Promise.resolve(SUCCEEDED);
  await withWorker(handler, async () => {
    const id = await send({ maxAttempts: 3 });
    expect(await finished(id)).toMatchObject({ status: 'SUCCEEDED', attempt: 3, failure: null });
  });
});

test('when the attempts are used up, a bug says nothing and a domain error what was wrong', async () => {
  const handler: Handler = ({ maxAttempts }) =>
    Promise.reject(
      maxAttempts === 1
        ? new Error('secret stack')
        : new DomainError('PROVIDER_UNAVAILABLE', 'the provider is away', { retryable: true }),
    );
  await withWorker(handler, async () => {
    const [bug, expected] = [await send({ maxAttempts: 1 }), await send({ maxAttempts: 2 })];
    expect(await finished(bug)).toMatchObject({
      status: 'FAILED',
      failure: { code: 'INTERNAL', message: 'Internal error' },
    });
    expect(await finished(expected)).toMatchObject({
      status: 'FAILED',
      attempt: 2,
      failure: { code: 'PROVIDER_UNAVAILABLE', message: 'the provider is away' },
    });
  });
});

test('what will be wrong again is not tried again', async () => {
  const handler: Handler = () => Promise.reject(new DomainError('INVALID_INPUT', 'seven legs'));
  await withWorker(handler, async () => {
    const id = await send({ maxAttempts: 3 });
    expect(await finished(id)).toMatchObject({
      status: 'FAILED',
      attempt: 1,
      failure: { code: 'INVALID_INPUT' },
    });
  });
});

test('an attempt that takes too long is stopped and counts as failed', async () => {
  const handler: Handler = async (_, { signal }) => {
    await untilAborted(signal);
    return SUCCEEDED;
  };
  await withWorker(
    handler,
    async () => {
      const id = await send({ maxAttempts: 1 });
      expect(await finished(id)).toMatchObject({ status: 'FAILED', failure: { code: 'DEADLINE_EXCEEDED' } });
    },
    { timeoutMs: 300 },
  );
});

test('a deadline ends a job before its start and while it runs', async () => {
  let runs = 0;
  const handler: Handler = async (_, { signal }) => {
    runs += 1;
    await untilAborted(signal);
    return SUCCEEDED;
  };
  await withWorker(handler, async () => {
    const late = await send({ deadline: new Date(Date.now() - 1) });
    expect(await finished(late)).toMatchObject({ status: 'EXPIRED' });
    expect(runs).toBe(0);
    const soon = await send({ deadline: new Date(Date.now() + 1_500) });
    expect(await finished(soon)).toMatchObject({ status: 'EXPIRED' });
    expect(runs).toBe(1);
  });
});

test('a worker that is stopped lets a short job finish and hands back a long one', async () => {
  const handler: Handler = async ({ maxAttempts, attempt }, { signal }) => {
    if (maxAttempts === 1) await sleep(300);
    else if (attempt === 1) await untilAborted(signal);
    return SUCCEEDED;
  };
  const [short, long] = await withWorker(handler, async (worker) => {
    const ids = [await send({ maxAttempts: 1 }), await send({ maxAttempts: 3 })] as const;
    await Promise.all(ids.map(running));
    await worker.stop();
    return ids;
  });
  expect(await finished(short)).toMatchObject({ status: 'SUCCEEDED', attempt: 1 });
  expect(await database.stores.jobs.byId(long)).toMatchObject({ status: 'RUNNING' });
  await withWorker(handler, async () => {
    expect(await finished(long)).toMatchObject({ status: 'SUCCEEDED', attempt: 2, fence: 2 });
  });
});

test('a zombie that wakes up after its job was given to another worker writes nothing', async () => {
  const refused: boolean[] = [];
  const handler: Handler = async ({ id, attempt }, { fence }) => {
    if (attempt > 1) return { status: 'SUCCEEDED', result: { by: 'second' } };
    await database.stores.jobs.start(id, new Date()); // as another worker does when the queue thinks this one dead
    const progress = { kind: 'PROGRESSED', progress: 0.9, stage: 'late', previewHash: null } as const;
    refused.push(await database.stores.jobs.progress(id, fence, progress, new Date()));
    refused.push(await database.stores.jobs.finish(id, fence, { status: 'SUCCEEDED' }, new Date()));
    return { status: 'SUCCEEDED', result: { by: 'zombie' } };
  };
  await withWorker(handler, async () => {
    const id = await send();
    await until(id, ({ fence }) => fence === 2);
    await sleep(500);
    expect(refused).toEqual([false, false]);
    expect(await database.stores.jobs.byId(id)).toMatchObject({ status: 'RUNNING', result: null });
  });
});
