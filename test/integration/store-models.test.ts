import type { MediaHash, RequestId } from '../../src/domain/ids.js';
import type { Media } from '../../src/domain/media.js';
import type { DomainError } from '../../src/domain/errors.js';
import type { ModelVersion, MoveCause } from '../../src/domain/model-version.js';
import type { GalleryChange } from '../../src/flow/ports/stores.js';
import { uuidIds } from '../../src/infra/uuid-ids.js';
import { must } from '../support/must.js';
import { withDatabase } from '../support/test-database.js';
import { world, type World } from '../support/world.js';

const database = withDatabase();
const at = new Date('2024-05-01T12:00:00.500Z');

const modelOf = ({ catalogue }: World, version: string): Omit<ModelVersion, 'id'> => ({
  ...{
    catalogueId: catalogue.id,
    family: 'fusion',
    version,
    role: 'RANKER',
    state: 'CANDIDATE',
    trainedAt: at,
  },
  ...{ dataSnapshot: 'abc', seed: 2 ** 40, card: 'A card', artefact: 'ff', recipe: { block: 'hstu' } },
  learned: { people: 9, events: 99, items: 3, until: at.toISOString(), startedFrom: null },
  metrics: [{ name: 'R10', value: 0.08, n: 100 }],
});

const because = (reason: string): MoveCause => ({ actor: 'COMMAND', personId: null, reason, at: new Date() });
const names = async (here: World) => {
  const models = await database.stores.models.list({});
  const own = models.filter(({ catalogueId }) => catalogueId === here.catalogue.id);
  return Object.fromEntries(own.map(({ version, state }) => [version, state]));
};

test('promoting retires the one before, and one model is live per role and catalogue', async () => {
  const here = await world(database);
  const { models } = database.stores;
  const [a, b] = [await models.save(modelOf(here, '1')), await models.save(modelOf(here, '2'))];
  expect(a).toEqual({ ...modelOf(here, '1'), id: a.id });
  expect(await models.live('RANKER', here.catalogue.id)).toBeNull();
  expect(await models.move(a.id, 'LIVE', because('first'))).toEqual({
    model: { ...a, state: 'LIVE' },
    previous: null,
  });
  expect(await models.move(b.id, 'LIVE', because('better'))).toEqual({
    model: { ...b, state: 'LIVE' },
    previous: { ...a, state: 'RETIRED' },
  });
  expect(await models.live('RANKER', here.catalogue.id)).toMatchObject({ id: b.id });
  expect((await models.list({ state: 'LIVE' })).map(({ id }) => id)).toEqual([b.id]);
  expect(await models.move(b.id, 'LIVE', because('again'))).toMatchObject({
    model: { id: b.id },
    previous: null,
  });
});

test('of models promoted at once one is live, and the history tells one order', async () => {
  const here = await world(database);
  const { models } = database.stores;
  const made = await Promise.all(['1', '2', '3', '4'].map((version) => models.save(modelOf(here, version))));
  const ids = made.map(({ id }) => id);
  await Promise.all(ids.map((id) => models.move(id, 'LIVE', because('race'))));
  const after = await models.byIds(ids);
  expect(after.map(({ state }) => state).sort()).toEqual(['LIVE', 'RETIRED', 'RETIRED', 'RETIRED']);
  const promotions = (await models.history(ids)).filter(({ to }) => to === 'LIVE');
  const replaced = promotions.map(({ replacedId }) => replacedId);
  expect(new Set(replaced).size).toBe(4); // nobody, and each of the three that did not stay
  expect(replaced).not.toContain(after.find(({ state }) => state === 'LIVE')?.id);
});

test('of decisions taken at once over the same live model only one is carried out', async () => {
  const here = await world(database);
  const { models } = database.stores;
  const [old, ...made] = await Promise.all(['0', '1', '2', '3'].map((v) => models.save(modelOf(here, v))));
  await models.move(must(old).id, 'LIVE', because('first'));
  const tries = await Promise.allSettled(
    made.map(({ id }) => models.move(id, 'LIVE', { ...because('better'), over: must(old).id })),
  );
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const refused = tries.flatMap((one) => (one.status === 'rejected' ? [one.reason as DomainError] : []));
  expect(refused.map(({ code, retryable }) => [code, retryable])).toEqual(Array(2).fill(['CONFLICT', true]));
  expect((await models.history(made.map(({ id }) => id))).length).toBe(1); // a refusal leaves no trace
});

test('a roll-back goes to what was replaced, a second one further back, and never to and fro', async () => {
  const here = await world(database);
  const { models } = database.stores;
  for (const version of ['1', '2', '3']) {
    const { id } = await models.save(modelOf(here, version));
    await models.move(id, 'LIVE', because(`model ${version}`));
  }
  const back = () => models.rollBack('RANKER', here.catalogue.id, because('it shows only cats'));
  expect(await back()).toMatchObject({
    model: { version: '2' },
    previous: { version: '3', state: 'RETIRED' },
  });
  expect(await names(here)).toEqual({ 1: 'RETIRED', 2: 'LIVE', 3: 'RETIRED' });
  await back();
  expect(await names(here)).toEqual({ 1: 'LIVE', 2: 'RETIRED', 3: 'RETIRED' });
  await expect(back()).rejects.toMatchObject({ code: 'CONFLICT', message: 'no model was live before 1' });
  const third = (await models.list({})).find(
    ({ catalogueId, version }) => catalogueId === here.catalogue.id && version === '3',
  );
  const history = await models.history([must(third).id]);
  expect(history.map(({ from, to, actor, reason }) => [from, to, actor, reason])).toEqual([
    ['CANDIDATE', 'LIVE', 'COMMAND', 'model 3'],
    ['LIVE', 'RETIRED', 'COMMAND', '2 took its place: it shows only cats'],
  ]);
});

test('one model is in the shadow, and what is live is not sent away', async () => {
  const here = await world(database);
  const { models } = database.stores;
  const [a, b] = [await models.save(modelOf(here, '1')), await models.save(modelOf(here, '2'))];
  await models.move(a.id, 'SHADOW', because('try'));
  await models.move(b.id, 'SHADOW', because('try this'));
  expect(await names(here)).toEqual({ 1: 'CANDIDATE', 2: 'SHADOW' });
  expect(await models.shadow('RANKER', here.catalogue.id)).toMatchObject({ id: b.id });
  await models.move(b.id, 'LIVE', because('good'));
  for (const to of ['RETIRED', 'SHADOW', 'CANDIDATE'] as const)
    await expect(models.move(b.id, to, because('no'))).rejects.toMatchObject({ code: 'CONFLICT' });
});

test('the shadow is counted once per request, and what was wanted after it once per item', async () => {
  const { catalogue, items, people, event } = await world(database);
  const { models, shadows, answers, events } = database.stores;
  const model = await models.save(modelOf({ catalogue } as World, '1'));
  const [fox, owl, elk] = items.map(({ id }) => id);
  const requestIds = Array.from({ length: 2 }, () => uuidIds().next() as RequestId);
  for (const [i, requestId] of requestIds.entries()) {
    await answers.saveRequest({
      ...{ id: requestId, personId: people[0].id, catalogueId: catalogue.id, surface: 'HOME', entries: [] },
      ...{ modelVersionId: null, profiled: true, degraded: null, history: [], createdAt: at },
    });
    const answer = {
      requestId,
      modelVersionId: model.id,
      liveItems: [must(fox), must(elk)],
      overlap: i / 2,
      at,
    };
    await shadows.save({ ...answer, items: [must(fox), must(owl)] });
    await shadows.save({ ...answer, items: [] });
  }
  const on = (itemId: typeof fox, changes: object = {}) =>
    event({ itemId: must(itemId), requestId: must(requestIds[0]), ...changes });
  await events.appendAll([on(fox), on(fox, { type: 'FAVOURITE' }), on(elk), on(owl, { type: 'HIDE' })]);
  await events.appendAll([on(owl, { requestId: null })]);
  const counts = (await shadows.counts([model.id])).get(model.id);
  expect(counts).toEqual({ requests: 2, overlap: 0.25, wanted: 2, hits: 1, liveHits: 2 });
});

test('there is one unfinished import per source, which goes on where it stopped', async () => {
  const { imports } = database.stores;
  const opened = await Promise.all(Array.from({ length: 5 }, () => imports.open('csv', '/a', at)));
  expect(new Set(opened.map(({ id }) => id)).size).toBe(1);
  const [run] = opened;
  if (run === undefined) throw new Error('no run');
  const rejection = { file: 'a.csv', line: 7, reason: 'a number was wanted, "x" came' };
  await imports.advance(run.id, {
    position: { 'a.csv': 10 },
    read: 10,
    accepted: 9,
    rejections: [rejection],
  });
  await imports.advance(run.id, { position: { 'b.csv': 5 }, read: 5, accepted: 5, rejections: [] });
  expect(await imports.open('csv', '/a', at)).toMatchObject({
    ...{ id: run.id, position: { 'a.csv': 10, 'b.csv': 5 }, rowsRead: 15, rowsAccepted: 14, rowsRejected: 1 },
  });
  expect(await imports.rejections(run.id, 10)).toEqual([rejection]);
  expect(await imports.close(run.id, 'DONE', at)).toMatchObject({ state: 'DONE' });
  expect((await imports.open('csv', '/a', at)).id).not.toBe(run.id);
});

test('a batch that fails leaves the position of the import where it was', async () => {
  const { imports } = database.stores;
  const run = await imports.open('jsonl', '/b', at);
  const batch = database.transaction(async (tx) => {
    await tx.imports.advance(run.id, { position: { b: 10 }, read: 10, accepted: 10, rejections: [] });
    throw new Error('disk full');
  });
  await expect(batch).rejects.toThrow('disk full');
  expect(await imports.open('jsonl', '/b', at)).toEqual(run);
});

test('gallery changes are read in the order of their commits, each by whoever may see it', async () => {
  const { items, people } = await world(database);
  const { galleryLog } = database.stores;
  const change = (changes: Partial<GalleryChange>): Omit<GalleryChange, 'seq'> => ({
    ...{ kind: 'ADDED', itemId: items[0].id, ownerId: people[0].id, visibility: 'PUBLIC', at },
    ...changes,
  });
  const start = await galleryLog.latestSeq();
  await galleryLog.append(change({}));
  await galleryLog.append(change({ visibility: 'PRIVATE', kind: 'UPDATED' }));
  await galleryLog.append(change({ visibility: 'PRIVATE', kind: 'REMOVED', was: 'PUBLIC' }));
  const kinds = async (viewer: World['people'][0]) =>
    (await galleryLog.after(start, viewer.id, 10)).map(({ kind }) => kind);
  expect(await kinds(people[0])).toEqual(['ADDED', 'UPDATED', 'REMOVED']);
  expect(await kinds(people[1])).toEqual(['ADDED', 'REMOVED']);
  expect(await galleryLog.latestSeq()).toBe(start + 3n);
});

test('a reader of the gallery log never passes a change that is not committed yet', async () => {
  const { items, people } = await world(database);
  const { galleryLog } = database.stores;
  const change = {
    kind: 'ADDED',
    itemId: items[0].id,
    ownerId: people[0].id,
    visibility: 'PUBLIC',
    at,
  } as const;
  const start = await galleryLog.latestSeq();
  const seen: bigint[] = [];
  const done = new AbortController();
  const writers = Promise.all(
    Array.from({ length: 6 }, (_, i) =>
      database.transaction(async (tx) => {
        await tx.galleryLog.append(change);
        await database.query('SELECT pg_sleep($1)', [(6 - i) / 50]); // the earlier the slower
      }),
    ),
  ).finally(() => done.abort());
  let cursor = start;
  const read = async () => {
    for (const { seq } of await galleryLog.after(cursor, people[0].id, 10)) {
      seen.push(seq);
      cursor = seq;
    }
  };
  while (!done.signal.aborted) await read();
  await writers;
  await read();
  expect(seen).toHaveLength(6);
});

test('media are stored once per content', async () => {
  const media: Media = {
    ...{
      hash: 'ab'.repeat(32) as MediaHash,
      width: 64,
      height: 48,
      format: 'svg',
      bytes: 1234,
      blurHash: null,
    },
    ...{ alt: 'A fox', palette: ['#ff8800'], aiMarked: true, perceptualHash: '00ff00ff00ff00ff' },
  };
  await database.stores.media.saveAll([media, media]);
  await database.stores.media.save({ ...media, alt: 'Something else' });
  expect(await database.stores.media.byHashes([media.hash, 'unknown' as MediaHash])).toEqual([media]);
});
