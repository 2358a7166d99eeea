import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobId } from '../../src/domain/ids.js';
import type { Job } from '../../src/domain/job.js';
import { must } from '../support/must.js';
import { withDatabase } from '../support/test-database.js';
import { newJob, world } from '../support/world.js';

const PROGRAM = join(process.cwd(), 'dist', 'test', 'support', 'worker-process.js');
const database = withDatabase();
const children: ChildProcess[] = [];
/** 12 s without a sign of life, seen as they end, due after 1 to 2 s, which the next pulse waits for. */
const TRIED_AGAIN_MS = 17_000;

async function startProcess(manner: 'hang' | 'block' | 'linger'): Promise<ChildProcess> {
  if (!existsSync(PROGRAM)) throw new Error('run `npm run build` first: this test kills compiled workers');
  const child = spawn(process.execPath, [PROGRAM, database.connectionString, manner], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

afterEach(async () => {
  await Promise.all(children.splice(0).map(kill));
});

async function send(): Promise<JobId> {
  const { people } = await world(database);
  const job = newJob(people[0].id);
  await database.transaction(async (tx) => {
    await tx.jobs.create(job);
    await tx.queue.send(job.name, job.id);
  });
  return job.id;
}

async function until(id: JobId, reached: (job: Job) => boolean, timeoutMs: number): Promise<Job> {
  const limit = performance.now() + timeoutMs;
  for (;;) {
    const job = await database.stores.jobs.byId(id);
    if (job !== null && reached(job)) return job;
    if (performance.now() > limit) throw new Error(`the job is still ${JSON.stringify(job)}`);
    await sleep(50);
  }
}

test('the job of a killed worker is tried again by another one within 17 s', async () => {
  const [doomed, id] = [await startProcess('hang'), await send()];
  await until(id, ({ progress }) => progress > 0, 10_000);
  await kill(doomed);
  const killedAt = Date.now();
  const survivor = await startProcess('hang');
  const job = await until(id, ({ status }) => status !== 'RUNNING', 45_000);
  expect(job).toMatchObject({ status: 'SUCCEEDED', attempt: 2, result: { attempt: 2, pid: survivor.pid } });
  const silence = must(job.startedAt).getTime() - killedAt;
  process.stdout.write(`tried again ${(silence / 1000).toFixed(1)} s after the kill\n`);
  expect(silence).toBeLessThan(TRIED_AGAIN_MS);
}, 90_000);

test('a worker that was paused and wakes up too late writes nothing', async () => {
  const zombie = await startProcess('linger');
  const id = await send();
  await until(id, ({ progress }) => progress > 0, 10_000);
  zombie.kill('SIGSTOP');
  const stoppedAt = Date.now();
  const survivor = await startProcess('linger');
  const second = await until(id, ({ attempt }) => attempt === 2, 45_000);
  expect(must(second.startedAt).getTime() - stoppedAt).toBeLessThan(TRIED_AGAIN_MS);
  const job = await until(id, ({ status }) => status === 'SUCCEEDED', 30_000);
  const log = await database.stores.jobs.eventsAfter(id, 0n, 100);
  zombie.kill('SIGCONT');
  await sleep(4_000); // its 3 s of work are over at once
  expect(zombie.exitCode).toBeNull();
  expect(await database.stores.jobs.byId(id)).toEqual(job);
  expect(job).toMatchObject({ fence: 2, result: { attempt: 2, pid: survivor.pid } });
  expect(await database.stores.jobs.eventsAfter(id, 0n, 100)).toEqual(log);
}, 120_000);

test('a worker that computes without a pause keeps its job', async () => {
  const [busy] = [await startProcess('block'), await startProcess('block')];
  const id = await send();
  const job = await until(id, ({ status }) => status === 'SUCCEEDED', 45_000);
  expect(job).toMatchObject({ attempt: 1, fence: 1 });
  expect(busy.exitCode).toBeNull();
}, 90_000);
