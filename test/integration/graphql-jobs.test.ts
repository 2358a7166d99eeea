import { randomUUID } from 'node:crypto';
import type { Client } from 'graphql-ws';
import { renderPictures } from '../../src/flow/render-pictures.js';
import { idSeal } from '../../src/graphql/ids.js';
import { idKey } from '../../src/server.js';
import { runJob } from '../../workers/run-job.js';
import { document, SECRET, withApi } from '../support/api.js';
import { must } from '../support/must.js';
import { smallWorld, type SmallWorld } from '../support/small-world.js';
import { newJob, newPerson } from '../support/world.js';

const api = withApi();
const ids = idSeal(idKey(SECRET));
let world: SmallWorld;
beforeAll(async () => {
  world = await smallWorld(api.ports);
});

const as = ({ externalId }: { externalId: string }) => ({ 'x-vitrine-person': externalId });
const ask = async (input: object, who = world.ada) =>
  (await api.send('Generate', { input: { idempotencyKey: randomUUID(), ...input } }, as(who))).data.generate;
const work = (jobId: string) =>
  runJob(
    api.ports,
    { timeoutMs: 20_000, run: renderPictures },
    { jobId: ids.open('Job', jobId), signal: new AbortController().signal },
  );
const made = async (input: object): Promise<{ jobId: string; itemId: string }> => {
  const { job } = await ask({ brief: 'a red fox', ...input });
  await work(job.id);
  const { data } = await api.send('Job', { id: job.id }, as(world.ada));
  return { jobId: job.id, itemId: must(must(data.job).outputs[0]?.item).id };
};

interface JobEventAnswer {
  __typename: string;
  cursor: string;
  preview?: { url: string } | null;
  job?: { status: string };
}

async function collect<T>(
  client: Client,
  name: string,
  variables: Record<string, unknown>,
  most = Infinity,
): Promise<T[]> {
  const found: T[] = [];
  for await (const { data, errors } of client.iterate<Record<string, T>>({
    query: document(name),
    variables,
  })) {
    if (errors) throw new Error(String(errors[0]?.extensions?.['code']));
    found.push(...Object.values(data ?? {}));
    if (found.length >= most) break;
  }
  return found;
}

test('a key gives one job, however often it is sent; with other arguments it is refused', async () => {
  const input = { idempotencyKey: randomUUID(), brief: 'an owl' };
  const [first, ...rest] = await Promise.all(Array.from({ length: 5 }, () => ask(input)));
  expect(new Set([first, ...rest].map((result) => must(result).job.id)).size).toBe(1);
  expect([first, ...rest].filter((result) => result?.replayed === false)).toHaveLength(1);
  expect(await ask({ ...input, brief: 'an elk' })).toMatchObject({
    __typename: 'Conflict',
    code: 'IDEMPOTENCY_KEY_REUSED',
  });
  expect((await ask(input, world.bob)).job.id).not.toBe(first?.job.id);
});

test.each([
  ['count', { count: 99 }],
  ['brief', { brief: 'x'.repeat(401) }],
  ['remixOf', { kind: 'VARIATION' }],
  ['visibility', { visibility: 'HIDDEN' }],
  ['catalogueId', { catalogueId: 'made-up' }],
])('a wrong %s comes back as data', async (field, input) => {
  expect(await ask(input)).toMatchObject({
    __typename: 'InvalidInput',
    code: 'INVALID_INPUT',
    path: ['input', field],
  });
});

test('the event log is replayed from the start, followed live, and resumed without loss or repeat', async () => {
  const { job } = await ask({ brief: 'a red fox', count: 2 });
  const client = api.subscriber({ person: world.ada.externalId });
  const live = collect<JobEventAnswer>(client, 'JobEvents', { jobId: job.id });
  await work(job.id);
  const events = await live;
  const kinds = events.map(({ __typename }) => __typename);
  expect(kinds.slice(0, 2)).toEqual(['JobQueued', 'JobStarted']);
  expect(kinds.filter((kind) => kind === 'JobOutputReady')).toHaveLength(2);
  expect(events.some(({ preview }) => preview?.url.startsWith('/media/'))).toBe(true);
  expect(events.at(-1)).toMatchObject({ __typename: 'JobFinished', job: { status: 'SUCCEEDED' } });
  for (const [i, { cursor }] of events.entries()) {
    const rest = await collect<JobEventAnswer>(client, 'JobEvents', { jobId: job.id, after: cursor });
    expect(rest.map((event) => event.cursor)).toEqual(events.slice(i + 1).map((event) => event.cursor));
  }
});

test('a made picture is in the gallery, found by its words, favourited and remixed', async () => {
  const { itemId } = await made({ brief: 'a violet heron', seed: 7 });
  const found = await api.send('Gallery', { filter: { text: 'heron' } }, as(world.ada));
  expect(found.data.gallery.edges.map(({ node }) => node.id)).toEqual([itemId]);
  const liked = await api.send('SetFavourite', { itemId, on: true }, as(world.ada));
  expect(liked.data.setFavourite).toMatchObject({ item: { favouriteCount: 1, viewerHasFavourited: true } });
  const remix = await api.send(
    'Remix',
    { idempotencyKey: randomUUID(), of: itemId, brief: 'in snow' },
    as(world.ada),
  );
  await work(remix.data.generate.job.id);
  const { data, errors } = await api.send('Item', { id: itemId }, as(world.ada));
  expect(errors).toBeUndefined();
  expect(data.node).toMatchObject({
    recipe: { prompt: 'a violet heron', seed: 7, provider: 'test' },
    provenance: { origin: 'GENERATED', marking: { embeddedMetadata: true, visibleLabel: 'Made with AI' } },
    remixes: { nodes: [{ __typename: 'GeneratedItem' }] },
  });
  const { url } = must(found.data.gallery.edges[0]?.node.media);
  const picture = await fetch(api.url + url);
  expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/webp']);
  expect((await fetch(api.url + url.replace('webp', 'png'))).status).toBe(404);
  const page = await api.send('Gallery', { first: 1 }, as(world.ada));
  const next = await api.send(
    'Gallery',
    { first: 1, after: page.data.gallery.pageInfo.endCursor },
    as(world.ada),
  );
  expect(next.data.gallery.edges[0]?.node.id).not.toBe(page.data.gallery.edges[0]?.node.id);
});

test('nothing of one person’s private work and jobs can be reached by another', async () => {
  const { jobId, itemId } = await made({ brief: 'a secret badger' });
  const bob = as(world.bob);
  expect((await api.send('Job', { id: jobId }, bob)).data.job).toBeNull();
  for (const id of [jobId, itemId]) expect((await api.send('Item', { id }, bob)).data.node).toBeNull();
  expect((await api.send('CancelJob', { id: jobId }, bob)).data.cancelJob).toMatchObject({
    code: 'NOT_FOUND',
  });
  const key = { idempotencyKey: randomUUID() };
  expect((await api.send('RetryJob', { id: jobId, ...key }, bob)).data.retryJob).toMatchObject({
    code: 'NOT_FOUND',
  });
  expect((await api.send('Remix', { of: itemId, ...key }, bob)).data.generate).toMatchObject({
    code: 'NOT_FOUND',
  });
  const liked = await api.send('SetFavourite', { itemId, on: true }, bob);
  expect(liked.data.setFavourite).toMatchObject({ code: 'NOT_FOUND' });
  const shown = await api.send('SetVisibility', { itemId, visibility: 'PUBLIC' }, bob);
  expect(shown.data.setVisibility).toMatchObject({ code: 'NOT_FOUND' });
  const event = { clientEventId: randomUUID(), type: 'CLICK', contentId: itemId };
  const recorded = await api.send('RecordEvents', { input: { events: [event] } }, bob);
  expect(recorded.data.recordEvents).toMatchObject({ accepted: 0, rejected: [{ code: 'INVALID_INPUT' }] });
  const gallery = await api.send('Gallery', { filter: { text: 'badger' } }, bob);
  expect(gallery.data.gallery.totalCount).toBe(0);
  const spying = collect(api.subscriber({ person: world.bob.externalId }), 'JobEvents', { jobId });
  await expect(spying).rejects.toThrow('NOT_FOUND');
});

test('a public work is for everybody, its recipe only when shared', async () => {
  const { itemId } = await made({ brief: 'a public stork', visibility: 'PUBLIC' });
  const look = async () => (await api.send('Item', { id: itemId }, as(world.bob))).data.node;
  const seen = await look();
  expect(seen).toMatchObject({ recipe: null, job: null, viewerIsAuthor: false });
  const { contentHash } = (seen as { provenance: { contentHash: string } }).provenance;
  const verified = await api.send('VerifyProvenance', { contentHash });
  expect(verified.data.verifyProvenance).toMatchObject({ origin: 'GENERATED', provider: 'test' });
  await api.send('SetVisibility', { itemId, visibility: 'PUBLIC', shareRecipe: true }, as(world.ada));
  expect(await look()).toMatchObject({ recipe: { prompt: 'a public stork', shareable: true } });
  await api.send('SetVisibility', { itemId, visibility: 'PRIVATE' }, as(world.ada));
  expect(await look()).toBeNull();
});

test('gallery changes arrive live and after a cursor, and private ones only at their owner', async () => {
  const ada = api.subscriber({ person: world.ada.externalId });
  const bob = api.subscriber({ person: world.bob.externalId });
  interface Change {
    cursor: string;
    itemId: string;
    item: object | null;
  }
  const hers = collect<Change>(ada, 'GalleryChanges', {}, 2);
  const his = collect<Change>(bob, 'GalleryChanges', {}, 1);
  await new Promise((resolve) => setTimeout(resolve, 500)); // both follow "from now on"
  const hidden = await made({ brief: 'a hidden wren' });
  const open = await made({ brief: 'an open wren', visibility: 'PUBLIC' });
  const changes = await hers;
  expect(changes.map(({ itemId }) => itemId)).toEqual([hidden.itemId, open.itemId]);
  expect((await his).map(({ itemId }) => itemId)).toEqual([open.itemId]);
  const resumed = await collect<Change>(ada, 'GalleryChanges', { after: changes[0]?.cursor }, 1);
  expect(resumed).toEqual(changes.slice(1));
});

test('a job is cancelled once, and a cancelled one can be run again', async () => {
  const { job } = await ask({ brief: 'a slow snail' });
  const cancel = async () => (await api.send('CancelJob', { id: job.id }, as(world.ada))).data.cancelJob;
  expect(await cancel()).toMatchObject({ wasRunning: false, job: { status: 'CANCELED' } });
  expect(await cancel()).toMatchObject({ job: { status: 'CANCELED' } });
  const again = await api.send('RetryJob', { id: job.id, idempotencyKey: randomUUID() }, as(world.ada));
  expect(again.data.retryJob).toMatchObject({ __typename: 'GeneratePayload', job: { status: 'QUEUED' } });
  expect(again.data.retryJob.job.id).not.toBe(job.id);
});

test('pages of one’s jobs hold picture jobs only, however many others stand between them', async () => {
  const { people, jobs } = api.ports.stores;
  const cleo = await people.ensure(newPerson({ externalId: 'cleo', kind: 'SIMULATED' }));
  const pictures: string[] = [];
  for (const brief of ['an early lark', 'a late owl']) {
    pictures.unshift((await ask({ brief }, cleo)).job.id);
    for (let i = 0; i < 3; i++) await jobs.create(newJob(cleo.id));
  }
  const page = async (after?: string) =>
    must((await api.send('Jobs', { first: 1, ...(after && { after }) }, as(cleo))).data.viewer).jobs;
  const first = await page();
  const second = await page(must(first.pageInfo.endCursor));
  expect([...first.nodes, ...second.nodes].map(({ id }) => id)).toEqual(pictures);
  expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false]);
});

test('imports, trainings and evaluations are asked for and looked at', async () => {
  const key = () => ({ idempotencyKey: randomUUID() });
  const catalogueId = ids.seal('Catalogue', world.catalogue.id);
  const path = '/somewhere';
  const started = await api.send('StartImport', { ...key(), format: 'csv', path }, as(world.ada));
  const { job } = started.data.startBulk;
  const at = new Date();
  const run = await api.ports.stores.imports.open('csv', path, at);
  const rejections = [{ file: 'items.csv', line: 3, reason: 'title: a title was wanted, "" came' }];
  await api.ports.stores.imports.advance(run.id, { position: {}, read: 2, accepted: 1, rejections });
  const result = {
    importId: run.id,
    catalogueId: world.catalogue.id,
    rowsRead: 2,
    rowsAccepted: 1,
    rowsRejected: 1,
  };
  await api.ports.stores.jobs.finish(ids.open('Job', job.id), null, { status: 'SUCCEEDED', result }, at);
  const look = async (who = world.ada) => (await api.send('BulkJob', { id: job.id }, as(who))).data.bulkJob;
  const told = { kind: 'IMPORT', rowsRead: 2, rowsRejected: 1, catalogue: { key: 'small' }, rejections };
  expect(await look()).toMatchObject(told);
  expect(await look(world.bob)).toBeNull();
  const wrong = await api.send('StartImport', { ...key(), format: 'csv', path: ' ' }, as(world.ada));
  expect(wrong.data.startBulk).toMatchObject({ __typename: 'InvalidInput', path: ['input', 'path'] });
  for (const name of ['StartTraining', 'StartEvaluation'] as const) {
    const { data } = await api.send(name, { ...key(), catalogueId }, as(world.ada));
    expect(data.startBulk.__typename).toBe('BulkPayload');
  }
});
