import type { ItemId, JobId } from '../../src/domain/ids.js';
import type { JobEventBody } from '../../src/domain/job.js';
import type { JobName } from '../../src/flow/jobs.js';
import { must } from '../support/must.js';
import { withDatabase } from '../support/test-database.js';
import { newJob, world } from '../support/world.js';

const database = withDatabase();
const at = new Date('2024-05-01T12:00:00.500Z');
const progressed = (progress: number) =>
  ({ kind: 'PROGRESSED', progress, stage: 'painting', previewHash: null }) as const;

async function createdJob(changes: Parameters<typeof newJob>[1] = {}) {
  const { people } = await world(database);
  return database.stores.jobs.create(newJob(people[0].id, changes));
}

async function kindsOf(id: JobId): Promise<JobEventBody['kind'][]> {
  return (await database.stores.jobs.eventsAfter(id, 0n, 100)).map(({ kind }) => kind);
}

test('a new job is queued and comes back as it was given', async () => {
  const job = await createdJob({ createdAt: at, deadline: new Date('2030-01-01') });
  expect(job).toMatchObject({
    status: 'QUEUED',
    attempt: 0,
    fence: 0,
    progress: 0,
    result: null,
    failure: null,
  });
  expect(await database.stores.jobs.byId(job.id)).toEqual(job);
  expect(await database.stores.jobs.byId('nonsense' as JobId)).toBeNull();
});

test('the life of a job is in its log, in order', async () => {
  const { jobs } = database.stores;
  const { id } = await createdJob();
  await jobs.appendQueued(id, { kind: 'QUEUED', queuePosition: 2, etaSeconds: 9.5 }, at);
  const started = await jobs.start(id, at);
  expect(started).toMatchObject({ status: 'RUNNING', attempt: 1, fence: 1, startedAt: at });
  expect(await jobs.progress(id, 1, progressed(0.5), at)).toBe(true);
  expect(await jobs.outputReady(id, 1, { index: 0, itemId: 'x' as ItemId }, at)).toBe(true);
  expect(await jobs.finish(id, 1, { status: 'SUCCEEDED', result: { pictures: 1 } }, at)).toBe(true);
  const events = await jobs.eventsAfter(id, 0n, 100);
  const seq = expect.any(BigInt) as bigint;
  expect(events).toEqual([
    { seq, jobId: id, at, kind: 'QUEUED', queuePosition: 2, etaSeconds: 9.5 },
    { seq, jobId: id, at, kind: 'STARTED', attempt: 1 },
    { seq, jobId: id, at, ...progressed(0.5) },
    { seq, jobId: id, at, kind: 'OUTPUT_READY', index: 0, itemId: 'x' },
    { seq, jobId: id, at, kind: 'FINISHED', status: 'SUCCEEDED' },
  ]);
  const [, second] = events;
  expect(await jobs.eventsAfter(id, second?.seq ?? 0n, 2)).toEqual(events.slice(2, 4));
  expect(await jobs.byId(id)).toMatchObject({ progress: 1, result: { pictures: 1 }, finishedAt: at });
});

test('what many readers ask for at once is one statement, and each gets its own', async () => {
  const { jobs } = database.stores;
  const [first, second] = [await createdJob(), await createdJob()];
  for (const { id } of [first, second]) await jobs.start(id, at);
  await jobs.progress(second.id, 1, progressed(0.5), at);
  const [started] = await jobs.eventsAfter(second.id, 0n, 100);
  const before = database.statements.length;
  const asked = await Promise.all([
    ...Array.from({ length: 5 }, () => jobs.eventsAfter(first.id, 0n, 100)),
    jobs.eventsAfter(second.id, must(started).seq, 100),
    jobs.eventsAfter(second.id, 0n, 1),
    jobs.eventsAfter('nonsense' as JobId, 0n, 100),
    jobs.eventsAfter(first.id, 2n ** 62n, 100),
  ]);
  const kinds = asked.map((events) => events.map(({ kind }) => kind).join());
  expect(kinds).toEqual([...Array<string>(5).fill('STARTED'), 'PROGRESSED', 'STARTED', '', '']);
  expect(database.statements.slice(before)).toHaveLength(1);
});

test('an old fence writes nothing', async () => {
  const { jobs } = database.stores;
  const { id } = await createdJob();
  await jobs.start(id, at);
  await jobs.start(id, at); // the first worker is presumed dead
  expect(await jobs.progress(id, 1, progressed(0.9), at)).toBe(false);
  expect(await jobs.outputReady(id, 1, { index: 0, itemId: 'x' as ItemId }, at)).toBe(false);
  expect(await jobs.finish(id, 1, { status: 'SUCCEEDED' }, at)).toBe(false);
  expect(await kindsOf(id)).toEqual(['STARTED', 'STARTED']);
  expect(await jobs.byId(id)).toMatchObject({ status: 'RUNNING', attempt: 2, fence: 2, progress: 0 });
});

test('of many who finish a job at once one succeeds, and nothing is written after it', async () => {
  const { jobs } = database.stores;
  const { id } = await createdJob();
  await jobs.start(id, at);
  const outcomes = await Promise.all([
    ...Array.from({ length: 5 }, () => jobs.finish(id, 1, { status: 'SUCCEEDED' }, at)),
    ...Array.from({ length: 5 }, () => jobs.finish(id, null, { status: 'CANCELED' }, at)),
  ]);
  expect(outcomes.filter(Boolean)).toHaveLength(1);
  expect(await jobs.start(id, at)).toBeNull();
  expect(await jobs.progress(id, 1, progressed(1), at)).toBe(false);
  expect(await kindsOf(id)).toEqual(['STARTED', 'FINISHED']);
});

test('an output is announced once per index', async () => {
  const { jobs } = database.stores;
  const { id } = await createdJob();
  await jobs.start(id, at);
  const output = { index: 3, itemId: 'x' as ItemId };
  expect(
    await Promise.all([jobs.outputReady(id, 1, output, at), jobs.outputReady(id, 1, output, at)]),
  ).toEqual([true, true]);
  expect(await kindsOf(id)).toEqual(['STARTED', 'OUTPUT_READY']);
});

test('row and message exist together or not at all', async () => {
  const { people } = await world(database);
  const kept = newJob(people[0].id);
  const lost = newJob(people[0].id);
  const enqueue = (job: typeof kept, fails: boolean) =>
    database.transaction(async (tx) => {
      await tx.jobs.create(job);
      await tx.queue.send('train-ranker', job.id);
      if (fails) throw new Error('changed my mind');
    });
  await enqueue(kept, false);
  await expect(enqueue(lost, true)).rejects.toThrow('changed my mind');
  const messages = await database.query<{ id: string }>(
    `SELECT id FROM pgboss.job WHERE name = 'train-ranker' AND id = ANY($1)`,
    [[kept.id, lost.id]],
  );
  expect(messages.map(({ id }) => id)).toEqual([kept.id]);
  expect(await database.stores.jobs.byIds([kept.id, lost.id])).toMatchObject([{ id: kept.id }]);
});

test('a job whose message is gone is found and sent again, others are not', async () => {
  const { people } = await world(database);
  const job = newJob(people[0].id, { createdAt: at });
  await database.stores.jobs.create(job);
  const sent = newJob(people[0].id, { createdAt: at });
  await database.stores.jobs.create(sent);
  await database.stores.queue.send('train-ranker', sent.id);
  const lost = async () =>
    (await database.stores.jobs.withoutMessage(new Date(), 100))
      .map(({ id }) => id)
      .filter((id) => id === job.id || id === sent.id);
  expect(await lost()).toEqual([job.id]);
  expect(await database.queue.resend([{ name: 'train-ranker', id: job.id }])).toBe(1);
  expect(await lost()).toEqual([]);
});

test('the queue position counts earlier jobs of the same name', async () => {
  const { jobs } = database.stores;
  const later = new Date(Date.now() + 60_000);
  const first = await createdJob({ createdAt: later });
  const second = await createdJob({ createdAt: new Date(later.getTime() + 1) });
  const before = await jobs.queuePosition(first.id);
  expect(await jobs.queuePosition(second.id)).toBe(before + 1);
  await jobs.start(first.id, at);
  expect(await jobs.queuePosition(second.id)).toBe(before);
  expect(await jobs.queuePosition(first.id)).toBe(0);
});

test('pages of a person go backwards in time', async () => {
  const { jobs } = database.stores;
  const { people } = await world(database);
  const made = [];
  for (const seconds of [2, 4]) {
    const job = await jobs.create(newJob(people[0].id));
    await jobs.start(job.id, at);
    await jobs.finish(job.id, 1, { status: 'SUCCEEDED' }, new Date(at.getTime() + seconds * 1_000 + 1e9));
    made.unshift(job.id);
  }
  expect((await jobs.ofPerson(people[0].id, { first: 1 })).map(({ id }) => id)).toEqual(made.slice(0, 1));
  const after = made[0];
  if (after === undefined) throw new Error('no job');
  expect((await jobs.ofPerson(people[0].id, { first: 5, after })).map(({ id }) => id)).toEqual(made.slice(1));
  const named = async (name: JobName) => (await jobs.ofPerson(people[0].id, { first: 5, name })).length;
  expect([await named('train-ranker'), await named('generate-pictures')]).toEqual([2, 0]);
});

test('the outlook of a job tells what runs, what waits before it, who works and how long its kind takes', async () => {
  const { jobs, workers } = database.stores;
  const now = new Date(Date.now() + 3_600_000); // workers of other tests have gone by then
  const finished = await createdJob();
  await jobs.start(finished.id, now);
  await jobs.finish(finished.id, 1, { status: 'SUCCEEDED' }, new Date(now.getTime() + 3_000));
  const running = await createdJob();
  await jobs.start(running.id, new Date(now.getTime() - 2_000));
  await jobs.progress(running.id, 1, progressed(0.25), now);
  const first = await createdJob({ createdAt: new Date(now.getTime() + 1) });
  const second = await createdJob({ createdAt: new Date(now.getTime() + 2) });
  await workers.seen('018f0000-0000-7000-8000-000000000001', { 'train-ranker': 3 }, now);
  await workers.seen('018f0000-0000-7000-8000-000000000002', { 'train-ranker': 1 }, now);
  await workers.seen(
    '018f0000-0000-7000-8000-000000000003',
    { 'train-ranker': 9 },
    new Date(now.getTime() - 60_000),
  );
  const before = await jobs.outlook(first.id, now);
  const outlook = await jobs.outlook(second.id, now);
  expect(outlook).toMatchObject({ status: 'QUEUED', units: 1, elapsedSeconds: null, slots: 4 });
  expect(outlook?.ahead).toEqual([...(before?.ahead ?? []), 1]);
  expect(outlook?.running).toContainEqual({ units: 1, progress: 0.25, elapsedSeconds: 2 });
  expect(outlook?.secondsPerUnit).toBeGreaterThan(0);
  await workers.gone('018f0000-0000-7000-8000-000000000001');
  expect((await jobs.outlook(running.id, now))?.slots).toBe(1);
  expect(await jobs.outlook('nonsense' as JobId, now)).toBeNull();
});

test('deadlines come in their order, and only of jobs that are not finished', async () => {
  const { jobs } = database.stores;
  const [late, soon, over] = [await deadlineOf(20), await deadlineOf(10), await deadlineOf(5)];
  await jobs.finish(over, null, { status: 'CANCELED' }, at);
  expect((await jobs.withDeadline(2)).map(({ id }) => id)).toEqual([soon, late]);
  await jobs.finish(late, null, { status: 'FAILED' }, new Date(Date.now() + 86_400_000));
  expect((await jobs.failed(1)).map(({ id }) => id)).toEqual([late]);
  async function deadlineOf(days: number): Promise<JobId> {
    return (await createdJob({ deadline: new Date(at.getTime() + days * 86_400_000) })).id;
  }
});

test('of 12 who count the open jobs of a person at once, before each adds one, no two see the same number', async () => {
  const { people } = await world(database);
  const [person] = people;
  const counted = await Promise.all(
    Array.from({ length: 12 }, () =>
      database.transaction(async ({ jobs }) => {
        const open = await jobs.countOpen(person.id);
        await jobs.create(newJob(person.id));
        return open;
      }),
    ),
  );
  expect(counted.sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i));
  const [first] = await database.stores.jobs.ofPerson(person.id, { first: 1 });
  await database.stores.jobs.finish(must(first).id, null, { status: 'CANCELED' }, at);
  expect(await database.stores.jobs.countOpen(person.id)).toBe(11);
  expect(await database.stores.jobs.countOpen(people[1].id)).toBe(0);
});
