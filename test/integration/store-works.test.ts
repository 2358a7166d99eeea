import type { Work } from '../../src/domain/work.js';
import type { Item } from '../../src/domain/item.js';
import type { GalleryFilter, GalleryPlace } from '../../src/flow/ports/gallery-stores.js';
import { withDatabase } from '../support/test-database.js';
import { newJob, newWork, world, type World } from '../support/world.js';

const database = withDatabase();
type Changes = Parameters<typeof newWork>[1];

/** A world with a job of the first person, to which works can be added. */
async function studio() {
  const here = await world(database);
  const author = here.people[0];
  const job = await database.stores.jobs.create(newJob(author.id));
  let index = 0;
  const add = async (changes: Changes = {}) => {
    const made = newWork(
      { catalogueId: here.catalogue.id, authorId: author.id, jobId: job.id },
      { index: index++, ...changes },
    );
    await database.stores.works.save(made.work, made.item);
    return made;
  };
  return { ...here, job, author, reader: here.people[1], add };
}

/** Titles of what one person sees; topics keep worlds apart. */
async function titles(viewer: World['people'][0], filter: GalleryFilter = {}): Promise<string[]> {
  const { works } = await database.stores.gallery.page(viewer.id, filter, {
    order: 'NEWEST',
    first: 50,
  });
  return works.map(({ item }) => item.title);
}

const titled = (title: string, item: Partial<Item> = {}, work: Partial<Work> = {}): Changes => ({
  ...work,
  item: { title, topics: [title], ...item },
});

test('a work comes back as it was given, with its item', async () => {
  const { add, author, items } = await studio();
  const { work, item } = await add({ basedOn: [items[0].id], parentId: items[1].id, recipeShared: true });
  expect(await database.stores.works.byItemIds([work.itemId])).toEqual([work]);
  expect(await database.stores.items.byIds([item.id])).toEqual([item]);
  expect(await database.stores.works.byJobs([work.jobId])).toEqual([work]);
  expect(await database.stores.works.remixesOf(items[1].id, 5)).toEqual([work]);
  const page = await database.stores.gallery.page(
    author.id,
    { topics: ['fox'] },
    { order: 'NEWEST', first: 5 },
  );
  expect(page.works.every((found) => found.itemId === found.item.id)).toBe(true);
});

test('an output of a job is stored once, also by two attempts at once', async () => {
  const { catalogue, author, job } = await studio();
  const attempts = Array.from({ length: 5 }, () =>
    newWork({ catalogueId: catalogue.id, authorId: author.id, jobId: job.id }),
  );
  const results = await Promise.all(attempts.map(({ work, item }) => database.stores.works.save(work, item)));
  expect(results.filter(({ isNew }) => isNew)).toHaveLength(1);
  expect(new Set(results.map(({ itemId }) => itemId)).size).toBe(1);
  const stored = await database.stores.items.byIds(attempts.map(({ item }) => item.id));
  expect(stored).toHaveLength(1);
});

test('a viewer sees public works and own ones, and hidden ones nobody', async () => {
  const { add, author, reader } = await studio();
  const mark = `v${author.id}`;
  for (const visibility of ['PUBLIC', 'UNLISTED', 'PRIVATE', 'HIDDEN'] as const) {
    await add({ item: { title: visibility, topics: [mark], visibility } });
  }
  expect((await titles(reader, { topics: [mark] })).sort()).toEqual(['PUBLIC']);
  expect((await titles(author, { topics: [mark] })).sort()).toEqual(['PRIVATE', 'PUBLIC', 'UNLISTED']);
});

test('pages follow each other without gap or repeat while works are added in front', async () => {
  const { add, author } = await studio();
  const at = new Date('2024-01-01T00:00:00Z');
  const topics = [`p${author.id}`];
  for (let i = 0; i < 7; i += 1) {
    await add({ createdAt: new Date(at.getTime() + Math.floor(i / 3)), item: { title: `w${i}`, topics } });
  }
  const seen: string[] = [];
  let after: GalleryPlace | undefined;
  for (let hasNext = true; hasNext;) {
    const page = await database.stores.gallery.page(
      author.id,
      { topics },
      { order: 'NEWEST', first: 2, ...(after === undefined ? {} : { after }) },
    );
    seen.push(...page.works.map(({ item }) => item.title));
    after = page.works.at(-1)?.place;
    hasNext = page.hasNext;
    if (seen.length === 2) await add({ item: { title: 'newer', topics } });
  }
  expect([...seen].sort()).toEqual(['w0', 'w1', 'w2', 'w3', 'w4', 'w5', 'w6']);
  expect(seen[0]).toBe('w6');
});

test('words are found in other forms, in titles, topics and shared prompts', async () => {
  const { add, reader, author } = await studio();
  const recipe = { ...(await add()).work.recipe, prompt: 'two zebras under umbrellas', seed: 77 };
  await add(titled('Running gazelles', { topics: ['savanna'] }));
  await add(titled('Secret recipe', {}, { recipe }));
  expect(await titles(reader, { text: 'run gazelle' })).toEqual(['Running gazelles']);
  expect(await titles(reader, { text: 'SAVANNAS' })).toEqual(['Running gazelles']);
  expect(await titles(reader, { text: 'zebra' })).toEqual([]);
  expect(await titles(author, { text: 'zebra' })).toEqual(['Secret recipe']);
});

test('prompt and seed are searched only where the recipe is shared or one’s own', async () => {
  const { add, reader, author } = await studio();
  const recipe = { ...(await add()).work.recipe, prompt: 'A 100%_Purple Whale', seed: 2 ** 40 + 1 };
  const { work } = await add(titled('Whale', {}, { recipe }));
  const filters: GalleryFilter[] = [{ promptContains: '0%_purple w' }, { seed: 2 ** 40 + 1 }];
  for (const filter of filters) {
    expect(await titles(reader, filter)).toEqual([]);
    expect(await titles(author, filter)).toEqual(['Whale']);
  }
  await database.stores.works.setRecipeShared(work.itemId, true);
  for (const filter of filters) expect(await titles(reader, filter)).toEqual(['Whale']);
  expect(await titles(reader, { promptContains: '0__purple' })).toEqual([]);
});

test('filters narrow together, and the total counts all pages', async () => {
  const { add, reader, author } = await studio();
  const topics = [`f${author.id}`];
  const day = (n: number) => new Date(`2024-02-0${n}T00:00:00Z`);
  const liked = await add({ createdAt: day(1), item: { title: 'liked', topics } });
  await add({ createdAt: day(2), kind: 'VARIATION', item: { title: 'variation', topics } });
  await add({ createdAt: day(3), item: { title: 'late', topics } });
  await database.stores.favourites.set(reader.id, liked.work.itemId, true, new Date());
  expect(await titles(reader, { topics, favouritesOnly: true })).toEqual(['liked']);
  expect(await titles(author, { topics, favouritesOnly: true })).toEqual([]);
  expect(await titles(reader, { topics, kinds: ['VARIATION'] })).toEqual(['variation']);
  expect(await titles(reader, { topics, createdAfter: day(1), createdBefore: day(3) })).toEqual([
    'variation',
  ]);
  const page = await database.stores.gallery.page(reader.id, { topics }, { order: 'NEWEST', first: 1 });
  const total = await database.stores.gallery.total(reader.id, { topics });
  expect([page.works.length, page.hasNext, total]).toEqual([1, true, 3]);
});

test('a favourite counts once per person', async () => {
  const { items, people } = await studio();
  const { favourites } = database.stores;
  const [fox, owl] = items;
  for (const person of [people[0], people[0], people[1]])
    await favourites.set(person.id, fox.id, true, new Date());
  expect(await favourites.counts([fox.id, owl.id])).toEqual(
    new Map([
      [fox.id, 2],
      [owl.id, 0],
    ]),
  );
  await favourites.set(people[0].id, fox.id, false, new Date());
  expect(await favourites.ofPerson(people[0].id, [fox.id])).toEqual(new Set());
  expect(await favourites.ofPerson(people[1].id, [fox.id, owl.id])).toEqual(new Set([fox.id]));
});
