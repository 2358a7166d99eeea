import type { MediaHash } from '../../src/domain/ids.js';
import type { Media } from '../../src/domain/media.js';
import type { ModelVersion } from '../../src/domain/model-version.js';
import type { GalleryChange } from '../../src/flow/ports/stores.js';
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
  ...{ dataSnapshot: 'abc', seed: 2 ** 40, card: 'A card', artefact: 'ff' },
  metrics: [{ name: 'R10', value: 0.08, n: 100 }],
});

test('promoting retires the one before, and one model is live per role and catalogue', async () => {
  const here = await world(database);
  const { models } = database.stores;
  const [a, b] = [await models.save(modelOf(here, '1')), await models.save(modelOf(here, '2'))];
  expect(a).toEqual({ ...modelOf(here, '1'), id: a.id });
  expect(await models.live('RANKER', here.catalogue.id)).toBeNull();
  expect(await models.promote(a.id)).toEqual({ live: { ...a, state: 'LIVE' }, previous: null });
  expect(await models.promote(b.id)).toEqual({
    live: { ...b, state: 'LIVE' },
    previous: { ...a, state: 'RETIRED' },
  });
  expect(await models.live('RANKER', here.catalogue.id)).toMatchObject({ id: b.id });
  expect((await models.list({ state: 'LIVE' })).map(({ id }) => id)).toEqual([b.id]);
  expect(await models.promote(b.id)).toMatchObject({ live: { id: b.id }, previous: null });
});

test('of models promoted at once the last one is live', async () => {
  const here = await world(database);
  const { models } = database.stores;
  const made = await Promise.all(['1', '2', '3', '4'].map((version) => models.save(modelOf(here, version))));
  await Promise.all(made.map(({ id }) => models.promote(id)));
  const after = await models.byIds(made.map(({ id }) => id));
  expect(after.map(({ state }) => state).sort()).toEqual(['LIVE', 'RETIRED', 'RETIRED', 'RETIRED']);
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
  await galleryLog.append(change({ visibility: 'PRIVATE', kind: 'REMOVED' }));
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
