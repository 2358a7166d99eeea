import { setTimeout as sleep } from 'node:timers/promises';
import type { JobId } from '../../src/domain/ids.js';
import { openWakeups, type OpenWakeups } from '../../src/infra/database/wakeups.js';
import { withDatabase } from '../support/test-database.js';
import { newJob, world } from '../support/world.js';

const database = withDatabase();
let wakeups: OpenWakeups;
beforeAll(async () => {
  wakeups = await openWakeups(database.connectionString);
});
afterAll(() => wakeups.close());

const LONG = 20_000;
async function msOf(waiting: Promise<void>): Promise<number> {
  const start = performance.now();
  await waiting;
  return performance.now() - start;
}
const say = (topic: string) => database.query(`SELECT pg_notify('vitrine', $1)`, [topic]);

test('a committed job event wakes the readers of that job, and only those', async () => {
  const { people } = await world(database);
  const job = await database.stores.jobs.create(newJob(people[0].id));
  const { signal } = new AbortController();
  const other = msOf(wakeups.wait(`job:${'other' as JobId}`, 700, signal));
  const waiting = msOf(wakeups.wait(`job:${job.id}`, LONG, signal));
  await database.stores.jobs.start(job.id, new Date());
  expect(await waiting).toBeLessThan(2_000);
  expect(await other).toBeGreaterThanOrEqual(690);
});

test('what is rolled back wakes nobody', async () => {
  const { items, people } = await world(database);
  const change = { kind: 'ADDED', itemId: items[0].id, ownerId: people[0].id, visibility: 'PUBLIC' } as const;
  const waiting = msOf(wakeups.wait('gallery', 600, new AbortController().signal));
  const failing = database.transaction(async (tx) => {
    await tx.galleryLog.append({ ...change, at: new Date() });
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await waiting).toBeGreaterThanOrEqual(590);
  const { signal } = new AbortController();
  const again = msOf(wakeups.wait('gallery', LONG, signal));
  await database.stores.galleryLog.append({ ...change, at: new Date() });
  expect(await again).toBeLessThan(2_000);
});

test('a notice between two waits of a reader is not lost', async () => {
  const { signal } = new AbortController();
  await wakeups.wait('models', 1, signal);
  await say('models');
  await sleep(200);
  expect(await msOf(wakeups.wait('models', LONG, signal))).toBeLessThan(LONG / 2);
  expect(await msOf(wakeups.wait('models', 150, signal))).toBeGreaterThanOrEqual(140);
});

test('an aborted signal ends the wait', async () => {
  const controller = new AbortController();
  const waiting = msOf(wakeups.wait('gallery', LONG, controller.signal));
  controller.abort();
  expect(await waiting).toBeLessThan(500);
  expect(await msOf(wakeups.wait('gallery', LONG, controller.signal))).toBeLessThan(LONG / 2);
});

test('when the connection breaks, readers look for themselves and later notices arrive again', async () => {
  const { signal } = new AbortController();
  await wakeups.wait('person:1', 1, signal);
  const waiting = msOf(wakeups.wait('person:1', LONG, signal));
  await database.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'vitrine wakeups' AND datname = current_database()`,
  );
  expect(await waiting).toBeLessThan(6_000);
  const again = msOf(wakeups.wait('person:1', LONG, signal));
  await say('person:1');
  expect(await again).toBeLessThan(2_000);
});
