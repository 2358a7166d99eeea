import type { Facet } from '../../src/domain/person.js';
import type { FacetId, ItemId } from '../../src/domain/ids.js';
import { adjustProfile } from '../../src/flow/adjust-profile.js';
import { setVisibility } from '../../src/flow/set-visibility.js';
import { systemClock } from '../../src/infra/system-clock.js';
import { must } from '../support/must.js';
import { withDatabase } from '../support/test-database.js';
import { untilWaiting, whileHeld } from '../support/waiting-rows.js';
import { newJob, newWork, world } from '../support/world.js';

/**
 * Pairs of transactions that want the same rows. Somebody holds the first row, so that both queue up in a known order; then it is let
 * go. Where the two took their rows in opposite orders, Postgres ends one of them with 40P01.
 */
const database = withDatabase();
const ports = () => ({ stores: database.stores, transaction: database.transaction, clock: systemClock });
const later = new Date(0);

/** A world with works of the first person; the later ones have the smaller ids. */
async function studio(count: number) {
  const { people, catalogue } = await world(database);
  const author = people[0];
  const job = await database.stores.jobs.create(newJob(author.id));
  const made = Array.from({ length: count }, () =>
    newWork({ catalogueId: catalogue.id, authorId: author.id, jobId: job.id }),
  ).sort((a, b) => (a.work.itemId < b.work.itemId ? 1 : -1));
  for (const [index, { work, item }] of made.entries())
    await database.stores.works.save({ ...work, index }, { ...item, visibility: 'UNLISTED' });
  return { author, ids: made.map(({ work }) => work.itemId) };
}

const holding = (table: 'work' | 'facet', id: string) => {
  const column = table === 'work' ? 'item_id' : 'id';
  return [`SELECT FROM ${table} WHERE ${column} = $1 FOR NO KEY UPDATE`, [id]] as const;
};
/** So held, nobody can refer to it either. */
const HELD_ITEM = 'SELECT FROM item WHERE id = $1 FOR UPDATE';

/** Whether nobody but the one who waits has locked it. */
const isFree = (id: ItemId) =>
  database.query('SELECT FROM work WHERE item_id = $1 FOR NO KEY UPDATE NOWAIT', [id]).then(
    () => true,
    () => false,
  );

test('a work is deleted while its author shares it: it stays deleted', async () => {
  const { author, ids } = await studio(1);
  const id = must(ids[0]);
  const both = await whileHeld(database, holding('work', id), async () => {
    const hidden = database.stores.deletions.hide(author.id, [id], later);
    await untilWaiting(database, 1);
    const shared = setVisibility(ports(), author, id, { visibility: 'PUBLIC', shareRecipe: null });
    await untilWaiting(database, 2);
    return [hidden, shared.catch((error: unknown) => error)] as const;
  });
  expect(await both[0]).toEqual([{ itemId: id, was: 'UNLISTED' }]);
  expect(await both[1]).toMatchObject({ code: 'NOT_FOUND' });
  expect(must((await database.stores.items.byIds([id]))[0]).visibility).toBe('HIDDEN');
  expect(await database.stores.deletions.due(new Date(1), 5)).toContain(id);
});

test.each(['tag', 'hide', 'restore'] as const)(
  'works are taken in the order of their ids: %s',
  async (what) => {
    const { author, ids } = await studio(3);
    const { tags, deletions } = database.stores;
    if (what === 'restore') await deletions.hide(author.id, ids, later);
    const change = {
      tag: () => tags.change(author.id, ids, { add: ['red'], remove: [] }),
      hide: () => deletions.hide(author.id, ids, later),
      restore: () => deletions.restore(author.id, ids),
    }[what];
    const smallest = must(ids[2]);
    const changed = await whileHeld(database, holding('work', smallest), async () => {
      const waiting = change();
      await untilWaiting(database, 1);
      expect(await Promise.all(ids.slice(0, 2).map(isFree))).toEqual([true, true]);
      return [waiting];
    });
    await changed[0];
  },
);

test('a work is purged while a collection that holds it is arranged anew', async () => {
  const { author, ids } = await studio(2);
  const [kept, purged] = [must(ids[0]), must(ids[1])];
  const { collections, deletions } = database.stores;
  const at = new Date();
  const id = '01900000-0000-7000-8000-000000000001' as Parameters<typeof collections.setItems>[0];
  await collections.create({
    ...{ id, ownerId: author.id, name: 'Two', filter: null, coverId: null, version: 1 },
    ...{ createdAt: at, updatedAt: at },
  });
  await collections.setItems(id, [purged, kept]);
  await deletions.hide(author.id, [purged], later);
  const both = await whileHeld(database, [HELD_ITEM, [kept]], async () => {
    const arranged = collections.setItems(id, [kept, purged]);
    await untilWaiting(database, 1);
    const gone = deletions.remove(purged);
    await untilWaiting(database, 2);
    return [gone, arranged] as const;
  });
  await Promise.all(both);
  expect(await collections.itemIds(id)).toEqual([kept]);
});

test('an original is purged while its remixes are tagged', async () => {
  const { author, ids } = await studio(3);
  const original = must(ids[0]);
  const remixes = ids.slice(1);
  await database.query('UPDATE work SET parent_id = $1 WHERE item_id = ANY($2::uuid[])', [original, remixes]);
  await database.stores.deletions.hide(author.id, [original], later);
  const smallest = must(ids[2]);
  const gone = await whileHeld(database, holding('work', smallest), async () => {
    const waiting = database.stores.deletions.remove(original);
    await untilWaiting(database, 1);
    expect(await isFree(must(ids[1]))).toBe(true);
    return [waiting];
  });
  expect(await gone[0]).toHaveLength(1);
});

test('two tabs change the same two facets in opposite orders', async () => {
  const { people } = await world(database);
  const person = people[0];
  const told = (value: string): Omit<Facet, 'id'> => ({
    ...{ personId: person.id, attribute: 'topic', value, weight: 0.5, origin: 'STATED', pinned: true },
    updatedAt: new Date(),
  });
  const [a, b] = [
    await database.stores.profiles.saveFacet(told('tea')),
    await database.stores.profiles.saveFacet(told('cake')),
  ];
  const weigh = (facetIds: readonly FacetId[], weight: number) =>
    adjustProfile(
      ports(),
      person,
      facetIds.map((facetId) => ({ facetId, weight })),
    );
  const both = await whileHeld(database, holding('facet', a.id), async () => {
    const first = weigh([a.id, b.id], 0.1);
    await untilWaiting(database, 1);
    const second = weigh([b.id, a.id], 0.9);
    await untilWaiting(database, 2);
    return [first, second] as const;
  });
  await Promise.all(both);
  const weights = (await database.stores.profiles.facets(person.id)).map(({ weight }) => weight);
  expect(weights).toEqual([0.9, 0.9]);
});
