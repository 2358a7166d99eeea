import { jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '../../src/domain/errors.js';
import type { JobId } from '../../src/domain/ids.js';
import type { Job } from '../../src/domain/job.js';
import { renderPictures } from '../../src/flow/render-pictures.js';
import type { ImageMaker, Ports } from '../../src/flow/ports.js';
import { idSeal } from '../../src/graphql/ids.js';
import { idKey } from '../../src/server.js';
import { document, SECRET, withApi } from '../support/api.js';
import { drawnWorks } from '../support/drawn-works.js';
import { must } from '../support/must.js';
import { type Handler, runningWorker } from '../support/running-worker.js';
import { smallWorld, type SmallWorld } from '../support/small-world.js';

const api = withApi({ limits: { pointsPerMinute: 10_000_000 } });
const ids = idSeal(idKey(SECRET));
let world: SmallWorld;
beforeAll(async () => {
  world = await smallWorld(api.ports);
});

const as = (externalId: string) => ({ 'x-vitrine-person': externalId });
const ask = async (input: object, who = world.ada.externalId) => {
  const variables = { input: { idempotencyKey: randomUUID(), ...input } };
  const { data, errors } = await api.send('Generate', variables, as(who));
  if (errors !== undefined) throw new Error(JSON.stringify([errors, api.logged.slice(-3)]));
  return data.generate;
};
const draw: Handler = (job, context, ports) => renderPictures(ports, job as never, context);

const FREE = { model: 'scripted', price: 0 } as const;

/** A provider that takes 300 ms a picture in 10 steps and notes when it was told to stop. */
function scripted(refuse: (seed: number) => DomainError | null = () => null) {
  const stops: number[] = [];
  const maker: ImageMaker = {
    ...{
      name: 'test',
      model: 'scripted',
      defaults: { steps: 10, guidance: 1 },
      offers: { 'text-to-image': FREE },
    },
    async make({ seed }, signal, onProgress) {
      const refused = refuse(seed);
      if (refused !== null) throw refused;
      signal.addEventListener('abort', () => stops.push(Date.now()), { once: true });
      for (let step = 1; step <= 10; step++) {
        await sleep(30, undefined, { signal });
        onProgress({ progress: step / 10, stage: 'drawing', preview: null });
      }
      const data = new Uint8Array(64 * 64 * 3).fill(seed % 256);
      const picture = { width: 64, height: 64, channels: 3 as const, data };
      return { picture, used: {}, by: { provider: 'test', ...FREE } };
    },
  };
  return { ports: { ...api.ports, imageMaker: maker } satisfies Ports, stops };
}

test('200 requests at once with one key make one job, and one answer that is not a replay', async () => {
  const input = { idempotencyKey: randomUUID(), brief: 'a red fox' };
  const answers = await Promise.all(Array.from({ length: 200 }, () => ask(input)));
  expect(new Set(answers.map(({ job }) => job.id)).size).toBe(1);
  expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
  const others = await Promise.all(
    Array.from({ length: 20 }, (_, i) => ask({ ...input, brief: `fox ${i}` })),
  );
  expect(new Set(others.map(({ code }) => code))).toEqual(new Set(['IDEMPOTENCY_KEY_REUSED']));
  const rows = await api.database.query<{ jobs: number; messages: number }>(
    `SELECT (SELECT count(*)::int FROM job) AS jobs,
            (SELECT count(*)::int FROM pgboss.job WHERE name = 'generate-pictures') AS messages`,
  );
  expect(rows).toEqual([{ jobs: 1, messages: 1 }]);
  const bobs = await ask(input, world.bob.externalId);
  expect(bobs).toMatchObject({ replayed: false });
  for (const [who, { job }] of [[world.ada, must(answers[0])] as const, [world.bob, bobs] as const])
    await api.send('CancelJob', { id: job.id }, as(who.externalId));
});

test('of 30 jobs that one person asks for at once 8 are taken, and a retry counts as one more', async () => {
  const who = 'sim-9';
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, seed) => ask({ brief: 'an owl', seed }, who)),
  );
  const taken = answers.filter(({ __typename }) => __typename === 'GeneratePayload');
  expect(taken).toHaveLength(8);
  const refused = answers.filter(({ __typename }) => __typename !== 'GeneratePayload');
  expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['QUOTA_EXCEEDED']));
  const { id } = must(taken[0]).job;
  await api.send('CancelJob', { id }, as(who));
  const retries = await Promise.all(
    Array.from({ length: 5 }, () => api.send('RetryJob', { id, idempotencyKey: randomUUID() }, as(who))),
  );
  const again = retries.map(({ data }) => data.retryJob);
  expect(again.map(({ __typename }) => __typename).sort()).toEqual([
    'GeneratePayload',
    ...Array<string>(4).fill('LimitReached'),
  ]);
  const open = [...taken, ...again].filter(({ __typename }) => __typename === 'GeneratePayload');
  for (const { job } of open) await api.send('CancelJob', { id: job.id }, as(who));
});

test('a cancel at 20 different moments ends a job once, keeps what was finished, and stops the provider', async () => {
  const { withWorker, until, finished } = runningWorker(api.database);
  const { ports, stops } = scripted();
  const ends: Job['status'][] = [];
  const begin = async (who: string, seed: number): Promise<JobId> => {
    const { job } = await ask({ brief: 'a slow snail', count: 3, seed }, who);
    const jobId = ids.open('Job', job.id);
    await until(jobId, ({ status }) => status !== 'QUEUED');
    return jobId;
  };
  /** How long four of these jobs take here and now, side by side. */
  const longest = async (): Promise<number> => {
    const begun = await Promise.all([0, 1, 2, 3].map((k) => begin(`sim-${k}`, k)));
    const jobs = await Promise.all(begun.map((id) => finished(id)));
    return Math.max(...jobs.map((job) => must(job.finishedAt).getTime() - must(job.startedAt).getTime()));
  };
  const cancelAfter = async (ms: number, who: string): Promise<void> => {
    const jobId = await begin(who, ms);
    await sleep(ms);
    const { data } = await api.send('CancelJob', { id: ids.seal('Job', jobId) }, as(who));
    const job = await finished(jobId);
    await sleep(1_200); // the runner sees a cancel within a second; nothing may follow
    ends.push(job.status);
    expect(data.cancelJob.job.status).toBe(job.status);
    expect(await api.database.stores.jobs.byId(jobId)).toEqual(job);
    await assertOneEnd(jobId, job);
  };
  const work = async () => {
    const whole = await longest();
    const moments = Array.from({ length: 20 }, (_, i) => Math.round((i / 15) * whole)); // the last ones come too late
    for (let i = 0; i < moments.length; i += 4)
      await Promise.all(moments.slice(i, i + 4).map((ms, k) => cancelAfter(ms, `sim-${k}`)));
  };
  await withWorker(draw, work, { ports });
  expect(new Set(ends)).toEqual(new Set(['CANCELED', 'SUCCEEDED']));
  expect(stops.length).toBeGreaterThanOrEqual(ends.filter((end) => end === 'CANCELED').length / 2);
}, 120_000);

/** One FINISHED, last in the log; an output for each announced one, all three when it succeeded. */
async function assertOneEnd(jobId: JobId, { status }: Job): Promise<void> {
  const log = await api.database.stores.jobs.eventsAfter(jobId, 0n, 200);
  expect(log.filter(({ kind }) => kind === 'FINISHED')).toHaveLength(1);
  expect(log.at(-1)).toMatchObject({ kind: 'FINISHED', status });
  const works = await api.database.stores.works.byJobs([jobId]);
  expect(log.filter(({ kind }) => kind === 'OUTPUT_READY')).toHaveLength(works.length);
  if (status === 'SUCCEEDED') expect(works).toHaveLength(3);
}

test('an output that is refused is withheld with its reason, and the others are delivered', async () => {
  const { withWorker, finished } = runningWorker(api.database);
  const { ports } = scripted((seed) =>
    seed === 101 ? new DomainError('CONTENT_REFUSED', 'the checker refused it') : null,
  );
  await withWorker(
    draw,
    async () => {
      const { job } = await ask({ brief: 'three owls', count: 3, seed: 100 });
      expect(await finished(ids.open('Job', job.id))).toMatchObject({ status: 'PARTIALLY_SUCCEEDED' });
      const source = `{ job(id: "${job.id}") { outputs { index item { id } withheld { code message retryable } } } }`;
      const { data, errors } = await api.query(source, as(world.ada.externalId));
      expect(errors).toBeUndefined();
      const item = { id: expect.any(String) as string };
      const withheld = { code: 'CONTENT_REFUSED', message: 'the checker refused it', retryable: false };
      expect(data).toEqual({
        job: {
          outputs: [
            { index: 0, item, withheld: null },
            { index: 1, item: null, withheld },
            { index: 2, item, withheld: null },
          ],
        },
      });
    },
    { ports },
  );
});

test('what is refused when it is done is reachable nowhere: no preview, no item, no search, no export', async () => {
  const { withWorker, finished } = runningWorker(api.database);
  const addresses = new Set<string>();
  const [{ job }] = [await ask({ brief: 'a forbidden heron', seed: 300, visibility: 'PUBLIC' })];
  interface Shown {
    readonly url: string;
    readonly srcSet: readonly { readonly url: string }[];
  }
  const lookAtPreviews = async (): Promise<(Shown | null)[]> => {
    const found: (Shown | null)[] = [];
    const client = api.subscriber({ person: world.ada.externalId });
    const query = document('JobEvents');
    for await (const { data } of client.iterate<Record<string, { preview?: Shown | null }>>({
      ...{ query, variables: { jobId: job.id } },
    }))
      if (data?.['jobEvents'] && 'preview' in data['jobEvents'])
        found.push(data['jobEvents'].preview ?? null);
    return found;
  };
  const live = lookAtPreviews();
  const refusing: ImageMaker = {
    ...{
      name: 'test',
      model: 'refusing',
      defaults: { steps: 1, guidance: 1 },
      offers: { 'text-to-image': FREE },
    },
    async make(_brief, _signal, onProgress) {
      const data = new Uint8Array(64 * 64 * 3).fill(77);
      onProgress({ progress: 0.5, stage: 'drawing', preview: { width: 64, height: 64, channels: 3, data } });
      await sleep(1_000);
      throw new DomainError('CONTENT_REFUSED', 'the checker refused it');
    },
  };
  await withWorker(draw, () => finished(ids.open('Job', job.id)), {
    ports: { ...api.ports, imageMaker: refusing },
  });
  for (const shown of await live)
    for (const { url } of shown === null ? [] : [shown, ...shown.srcSet]) addresses.add(url);
  expect(addresses.size).toBeGreaterThanOrEqual(3); // it was shown while it was drawn, in three formats
  for (const url of addresses) expect((await fetch(api.url + url)).status).toBe(404);
  expect(await lookAtPreviews()).toEqual((await lookAtPreviews()).map(() => null));
  const { data } = await api.send('Job', { id: job.id }, as(world.ada.externalId));
  expect(data.job).toMatchObject({ status: 'FAILED', outputs: [], failure: { code: 'CONTENT_REFUSED' } });
  const gallery = await api.send('Gallery', { filter: { text: 'heron' } }, as(world.ada.externalId));
  expect(gallery.data.gallery.totalCount).toBe(0);
  const archive = await drawnWorks(api).done('EXPORT', { filter: { text: 'heron' } }, world.ada);
  expect(archive).toMatchObject({ status: 'SUCCEEDED', rowsAccepted: 0 });
}, 60_000);

test('a provider that stays away for one output of two costs that output alone', async () => {
  const { withWorker, finished } = runningWorker(api.database);
  const { ports } = scripted((seed) =>
    seed === 201 ? new DomainError('PROVIDER_UNAVAILABLE', 'away', { retryable: true }) : null,
  );
  await withWorker(
    draw,
    async () => {
      const { job } = await ask({ brief: 'two owls', count: 2, seed: 200 });
      const done = await finished(ids.open('Job', job.id), 40_000);
      const withheld = [{ index: 1, code: 'PROVIDER_UNAVAILABLE', message: 'away', retryable: true }];
      expect(done).toMatchObject({ status: 'PARTIALLY_SUCCEEDED', attempt: 3, result: { withheld } });
      expect(await api.database.stores.works.byJobs([done.id])).toMatchObject([{ index: 0 }]);
    },
    { ports },
  );
}, 60_000);

test('while the picture store is down, what was made is held, not made again, and delivered when it is back', async () => {
  const { withWorker, finished } = runningWorker(api.database);
  const { ports } = scripted();
  const make = jest.spyOn(ports.imageMaker, 'make');
  const [blobs, away] = [join(api.home, 'blobs'), join(api.home, 'blobs-away')];
  await mkdir(blobs, { recursive: true });
  await rename(blobs, away);
  await writeFile(blobs, 'no folder: nothing can be stored here');
  await withWorker(
    draw,
    async () => {
      const { job } = await ask({ brief: 'a patient heron', seed: 400 });
      const id = ids.open('Job', job.id);
      const waits = async () => (await api.database.stores.jobs.byId(id))?.stage;
      while ((await waits()) !== 'waiting for the picture store') await sleep(100);
      await sleep(1_500); // longer than the attempt may take
      await rm(blobs);
      await rename(away, blobs);
      expect(await finished(id)).toMatchObject({ status: 'SUCCEEDED', attempt: 1 });
      const [work] = await api.database.stores.works.byJobs([id]);
      expect(await api.ports.blobs.has(must(work).contentHash)).toBe(true);
      expect(make).toHaveBeenCalledTimes(1);
    },
    { ports, timeoutMs: 1_200 },
  );
}, 60_000);
