import type { CatalogueId, ItemId, MediaHash } from '../../src/domain/ids.js';
import { withDatabase } from '../support/test-database.js';
import { newItem, newPerson, world } from '../support/world.js';

const database = withDatabase();

test('items are inserted once and updated after, in one statement', async () => {
  const { catalogue } = await world(database);
  const batch = ['a', 'b', 'c'].map((name) => newItem(catalogue.id, name));
  expect(await database.stores.items.saveAll(batch)).toEqual({ inserted: 3, updated: 0 });
  const before = database.statements.length;
  const again = [newItem(catalogue.id, 'a', { title: 'Renamed' }), newItem(catalogue.id, 'd')];
  expect(await database.stores.items.saveAll(again)).toEqual({ inserted: 1, updated: 1 });
  expect(database.statements.length - before).toBe(1);
  const [item] = await database.stores.items.byExternalIds(catalogue.id, ['a']);
  expect(item?.title).toBe('Renamed');
  expect(await database.stores.items.count(catalogue.id)).toBe(7);
});

test('an item comes back as it was given', async () => {
  const { catalogue, people } = await world(database);
  const given = newItem(catalogue.id, 'whole', {
    ...{ summary: 'All of it', topics: ['a b', "c'd", '"e"', 'ü,{}'], attributes: { colour: 'orange' } },
    ...{ origin: 'GENERATED', ownerId: people[0].id, visibility: 'UNLISTED', mediaHash: 'ff' as MediaHash },
    availableUntil: new Date('2031-02-03T04:05:06.789Z'),
  });
  await database.stores.items.saveAll([given]);
  const [item] = await database.stores.items.byExternalIds(catalogue.id, ['whole']);
  expect(item).toEqual({ ...given, id: expect.any(String) as string, createdAt: expect.any(Date) as Date });
});

test('an import does not undo what people set: visibility, owner and picture stay', async () => {
  const { catalogue } = await world(database);
  await database.stores.items.saveAll([newItem(catalogue.id, 'x', { mediaHash: 'aa' as MediaHash })]);
  const [item] = await database.stores.items.byExternalIds(catalogue.id, ['x']);
  if (item === undefined) throw new Error('not stored');
  await database.query(`UPDATE item SET visibility = 'HIDDEN' WHERE id = $1`, [item.id]);
  await database.stores.items.saveAll([newItem(catalogue.id, 'x', { title: 'New' })]);
  const [after] = await database.stores.items.byIds([item.id]);
  expect(after).toMatchObject({ title: 'New', visibility: 'HIDDEN', mediaHash: 'aa' });
});

test('of two lines with one id the later one counts', async () => {
  const { catalogue } = await world(database);
  const lines = [
    newItem(catalogue.id, 'x', { title: 'first' }),
    newItem(catalogue.id, 'x', { title: 'second' }),
  ];
  expect(await database.stores.items.saveAll(lines)).toEqual({ inserted: 1, updated: 0 });
  const [item] = await database.stores.items.byExternalIds(catalogue.id, ['x']);
  expect(item?.title).toBe('second');
});

test('only what everybody may see and has not expired can be ranked', async () => {
  const { catalogue, items } = await world(database);
  const now = new Date('2025-01-01T00:00:00Z');
  const rows = [
    newItem(catalogue.id, 'private', { visibility: 'PRIVATE' }),
    newItem(catalogue.id, 'unlisted', { visibility: 'UNLISTED' }),
    newItem(catalogue.id, 'hidden', { visibility: 'HIDDEN' }),
    newItem(catalogue.id, 'expired', { availableUntil: now }),
    newItem(catalogue.id, 'until later', { availableUntil: new Date(now.getTime() + 1) }),
    newItem(catalogue.id, 'generated', { origin: 'GENERATED' }),
  ];
  await database.stores.items.saveAll(rows);
  const rankable = await database.stores.items.rankable(catalogue.id, now);
  expect(rankable.map(({ externalId }) => externalId).sort()).toEqual(
    [...items.map(({ externalId }) => externalId), 'until later', 'generated'].sort(),
  );
  expect(rankable.map(({ id }) => id)).toEqual(rankable.map(({ id }) => id).sort());
});

test('vectors come back bit for bit, and changed words drop them', async () => {
  const { catalogue, items } = await world(database);
  const [fox, owl, elk] = items;
  const vector = Float32Array.from([0.1, -1 / 3, 1e-30, 3.4e38, 0]);
  await database.stores.items.saveVectors(
    new Map([
      [fox.id, vector],
      [owl.id, Float32Array.from([1])],
    ]),
  );
  expect(await database.stores.items.vectors([fox.id, 'nonsense' as ItemId])).toEqual(
    new Map([[fox.id, vector]]),
  );
  expect((await database.stores.items.withoutVectors(catalogue.id, 10)).map(({ id }) => id)).toEqual([
    elk.id,
  ]);
  await database.stores.items.saveAll([
    newItem(catalogue.id, 'fox', { title: 'Renard' }),
    newItem(catalogue.id, 'owl', { attributes: { group: 'birds' } }),
  ]);
  expect([...(await database.stores.items.allVectors(catalogue.id)).keys()]).toEqual([owl.id]);
});

test('ids that cannot be ids find nothing', async () => {
  const { stores } = database;
  const bad = "'; DROP TABLE item; --";
  expect(await stores.items.byIds([bad as ItemId])).toEqual([]);
  expect(await stores.catalogues.byIds([bad as CatalogueId])).toEqual([]);
});

test('a catalogue is made once per key and counts its items', async () => {
  const { catalogue } = await world(database);
  const { key } = catalogue;
  const again = await database.stores.catalogues.save({ key, name: 'New', domain: 'film', language: 'de' });
  expect(again).toEqual({ id: catalogue.id, key, name: 'New', domain: 'film', language: 'de' });
  expect(await database.stores.catalogues.byKey(key)).toEqual(again);
  const unknown = '00000000-0000-7000-8000-000000000000' as CatalogueId;
  expect(await database.stores.catalogues.itemCounts([catalogue.id, unknown])).toEqual(
    new Map([
      [catalogue.id, 3],
      [unknown, 0],
    ]),
  );
});

test('a person is made once, also by many at once, and keeps what was first', async () => {
  const { people } = database.stores;
  const person = newPerson({ about: 'likes foxes', displayName: 'Aaron' });
  const made = await Promise.all(Array.from({ length: 10 }, () => people.ensure(person)));
  expect(new Set(made.map(({ id }) => id)).size).toBe(1);
  expect(made[0]).toEqual({ ...person, id: made[0]?.id });
  const others = [newPerson(), { ...person, displayName: 'Changed' }];
  const ids = await people.ensureAll(others);
  expect([...ids.keys()].sort()).toEqual(others.map(({ externalId }) => externalId).sort());
  expect((await people.byExternalId(person.externalId))?.displayName).toBe('Aaron');
  expect((await people.withAbout(10)).map(({ displayName }) => displayName)).toEqual(['Aaron']);
});
