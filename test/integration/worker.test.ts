import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '../../src/domain/errors.js';
import type { JobId } from '../../src/domain/ids.js';
import { seededRandom } from '../../src/domain/random.js';
import { jobEta } from '../../src/flow/job-eta.js';
import { retryJob } from '../../src/flow/retry-job.js';
import { must } from '../support/must.js';
import { type Handler, runningWorker, SUCCEEDED, untilAborted } from '../support/running-worker.js';
import { withDatabase } from '../support/test-database.js';
import { newJob, world } from '../support/world.js';

const database = withDatabase();
const { withWorker, send, until, finished, running } = runningWorker(database);

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

test('a deadline ends a job that waits behind another, and one whose worker has died, within a second', async () => {
  const ran: string[] = [];
  const handler: Handler = async ({ id }, { signal }) => {
    ran.push(id);
    await untilAborted(signal);
    return SUCCEEDED;
  };
  await withWorker(
    handler,
    async () => {
      const busy = await send();
      await running(busy);
      const deadline = new Date(Date.now() + 1_500);
      const [waiting, orphan] = [await send({ deadline }), newJob(null, { deadline })];
      await database.stores.jobs.create(orphan);
      await database.stores.jobs.start(orphan.id, new Date()); // by a worker that died at once
      for (const id of [waiting, orphan.id]) {
        const job = await finished(id);
        expect(job).toMatchObject({ status: 'EXPIRED', result: null });
        const late = must(job.finishedAt).getTime() - deadline.getTime();
        expect(late).toBeGreaterThanOrEqual(0);
        expect(late).toBeLessThan(1_000);
      }
      expect(ran).toEqual([busy]);
      await database.stores.jobs.finish(busy, null, { status: 'CANCELED' }, new Date());
    },
    { heavy: true },
  );
});

test('poison fails with its reason after its attempts, and nothing else waits for it', async () => {
  const POISON = 666;
  const handler: Handler = async ({ payload }) => {
    await sleep(20);
    if ((payload as { seed: number }).seed === POISON)
      throw new DomainError('CONTENT_REFUSED', 'poison', { retryable: true });
    return SUCCEEDED;
  };
  await withWorker(handler, async () => {
    const catalogueId = newJob(null).payload.catalogueId;
    const seeds = Array.from({ length: 40 }, (_, i) => (i % 20 === 3 ? POISON : i));
    const jobs = await Promise.all(
      seeds.map(async (seed) => ({
        poison: seed === POISON,
        id: await send({ maxAttempts: 3, payload: { catalogueId, seed, budgetSeconds: 10 } }),
      })),
    );
    for (const { id } of jobs.filter(({ poison }) => !poison))
      expect(await finished(id)).toMatchObject({ status: 'SUCCEEDED', attempt: 1 });
    for (const { id } of jobs.filter(({ poison }) => poison)) {
      const failure = { code: 'CONTENT_REFUSED', message: 'poison' };
      expect(await finished(id, 30_000)).toMatchObject({ status: 'FAILED', attempt: 3, failure });
    }
  });
}, 90_000);

test('a job that takes its worker down each time ends with a reason, and can be run again by hand', async () => {
  const { people } = await world(database);
  const job = newJob(people[0].id);
  await database.stores.jobs.create(job);
  // what the queue leaves after the last delivery that nobody survived: a copy among the dead letters
  await database.query(
    `INSERT INTO pgboss.job (name, data) VALUES ('dead-letters', jsonb_build_object('jobId', $1::text))`,
    [job.id],
  );
  await withWorker(
    () => Promise.resolve(SUCCEEDED),
    async (_, ports) => {
      const dead = await finished(job.id);
      expect(dead).toMatchObject({ status: 'FAILED', failure: { code: 'INTERNAL' } });
      expect(dead.failure?.message).toContain('ended without a word each time');
      expect((await ports.stores.jobs.failed(5)).map(({ id }) => id)).toContain(job.id);
      const again = await retryJob(ports, people[0], job.id, 'by-hand');
      expect(await retryJob(ports, people[0], job.id, 'by-hand')).toMatchObject({
        replayed: true,
        job: { id: again.job.id },
      });
      expect(await finished(again.job.id)).toMatchObject({ status: 'SUCCEEDED', name: job.name });
      await expect(retryJob(ports, people[0], again.job.id, 'by-hand')).rejects.toThrow(
        'this one is SUCCEEDED',
      );
    },
  );
});

test('the estimate of a waiting job is right to 30 % in the mean, on a real queue', async () => {
  const random = seededRandom('real queue');
  const handler: Handler = async () => {
    await sleep(700 + random.int(600));
    return SUCCEEDED;
  };
  await withWorker(handler, async (_, ports) => {
    const evaluate = { name: 'evaluate-ranker' as never };
    await Promise.all((await Promise.all([1, 2, 3].map(() => send(evaluate)))).map((id) => finished(id)));
    const asked: { id: JobId; at: number; eta: number }[] = [];
    for (let i = 0; i < 20; i++) {
      const id = await send(evaluate);
      asked.push({ id, at: Date.now(), eta: must(await jobEta(ports, id)) });
    }
    const errors = [];
    for (const { id, at, eta } of asked) {
      const actual = (must((await finished(id, 40_000)).finishedAt).getTime() - at) / 1000;
      errors.push(Math.abs(eta - actual) / actual);
    }
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    process.stdout.write(`mean error of the estimate: ${(100 * mean).toFixed(1)} %\n`);
    expect(mean).toBeLessThan(0.3);
  });
}, 90_000);
