import type { ItemId, MediaHash } from '../../src/domain/ids.js';
import type { Work } from '../../src/domain/work.js';
import type { GalleryFilter, GalleryPlace, StoredOrder } from '../../src/flow/ports/gallery-stores.js';
import { withDatabase } from '../support/test-database.js';
import { newJob, newWork, world, type World } from '../support/world.js';

const database = withDatabase();
type Changes = Parameters<typeof newWork>[1];

/** A world of one author and one reader; each has its own mark among the topics, so that tests do not meet. */
async function studio() {
  const here = await world(database);
  const [author, reader] = here.people;
  const job = await database.stores.jobs.create(newJob(author.id));
  const topic = `t${author.id}`;
  let index = 0;
  const add = async (title: string, { item, ...changes }: NonNullable<Changes> = {}, picture?: Picture) => {
    const made = newWork(
      { catalogueId: here.catalogue.id, authorId: author.id, jobId: job.id },
      { index: index++, ...changes, item: { title, topics: [topic], ...item } },
    );
    if (picture !== undefined) await database.stores.media.save(mediaOf(made.work.contentHash, picture));
    await database.stores.works.save(made.work, made.item);
    return made.work.itemId;
  };
  const titles = async (
    viewer: World['people'][0],
    filter: GalleryFilter = {},
    order: StoredOrder = 'NEWEST',
  ) => {
    const all = { topics: [topic], ...filter };
    const { works } = await database.stores.gallery.page(viewer.id, all, { order, first: 50 });
    return works.map(({ item }) => item.title);
  };
  return { ...here, author, reader, job, topic, add, titles };
}

interface Picture {
  readonly perceptualHash?: string;
  readonly palette?: readonly string[];
}
const mediaOf = (hash: MediaHash, { perceptualHash = 'f'.repeat(16), palette = [] }: Picture) => ({
  ...{ hash, width: 8, height: 8, format: 'png' as const, bytes: 1, blurHash: null, alt: '', aiMarked: true },
  ...{ perceptualHash, palette },
});
const withRecipe = (changes: Partial<Work['recipe']>): Changes => {
  const recipe = {
    ...{ prompt: 'a fox', seed: 1, steps: 20, guidance: 3, width: 64, height: 64, style: 'flat' },
    ...{ facets: [], strength: null, provider: 'local', model: 'tiny' },
  };
  return { recipe: { ...recipe, ...changes } };
};

/**
 * Works like this one under numbers that are their seed: the higher, the older, the worse rated and the less liked. Those whose
 * number divided by three gives the same stand as one stack. Up to 6,011 a mean of 2 or more, beyond it 1.
 */
async function copies(
  id: ItemId,
  {
    from,
    to,
    style,
    visibility = 'PUBLIC',
  }: { from: number; to: number; style: string; visibility?: string },
): Promise<void> {
  const newId = `md5(w.item_id::text || n)::uuid`;
  await database.query(
    `INSERT INTO item (id, catalogue_id, external_id, title, topics, origin, owner_id, visibility, created_at)
     SELECT ${newId}, i.catalogue_id, i.external_id || n, i.title, i.topics, i.origin, i.owner_id, $4, i.created_at
       FROM item i JOIN work w ON w.item_id = i.id, generate_series($2::int, $3::int) n WHERE i.id = $1`,
    [id, from, to, visibility],
  );
  await database.query(
    `INSERT INTO work (item_id, author_id, job_id, index, kind, prompt, seed, settings, recipe_shared, based_on, content_hash, words,
            visibility, marks, stack_id, created_at, favourite_count, rating_sum, rating_count, rating, standing)
     SELECT ${newId}, author_id, job_id, 1000 + n, kind, prompt, n, settings, false, '{}', content_hash, words, $4,
            array_remove(marks, 'style:flat') || $5::text, md5(w.item_id::text || '/' || n / 3)::uuid,
            created_at - n * interval '1 second', 10000 - n, mean, 1, mean, 10000 - n
       FROM work w, generate_series($2::int, $3::int) n, LATERAL (SELECT CASE WHEN n <= 6000 THEN 5 WHEN n <= 6011 THEN 2 ELSE 1 END AS mean) m
      WHERE w.item_id = $1`,
    [id, from, to, visibility, `style:${style}`],
  );
}

/** In pages of four. */
async function everyPage(viewer: World['people'][0], filter: GalleryFilter, order: StoredOrder) {
  const seen: Work[] = [];
  let after: GalleryPlace | undefined;
  do {
    const wish = { order, first: 4, ...(after === undefined ? {} : { after }) };
    const page = await database.stores.gallery.page(viewer.id, filter, wish);
    seen.push(...page.works);
    after = page.hasNext ? page.works.at(-1)?.place : undefined;
  } while (after !== undefined);
  return seen;
}

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

test.each<[string, Partial<Work['recipe']>, GalleryFilter]>([
  ['provider', { provider: 'replicate' }, { providers: ['replicate'] }],
  ['model', { model: 'flux' }, { models: ['flux', 'none'] }],
  ['style', { style: 'ink' }, { styles: ['ink'] }],
])('%s is public and filtered for everybody', async (_, recipe, filter) => {
  const { add, titles, author, reader } = await studio();
  await add('other', withRecipe({}));
  await add('wanted', withRecipe(recipe));
  expect(await titles(reader, filter)).toEqual(['wanted']);
  expect(await titles(author, filter)).toEqual(['wanted']);
});

test.each<[string, Partial<Work['recipe']>, GalleryFilter]>([
  ['seed', { seed: 99 }, { seed: 99 }],
  ['steps', { steps: 33 }, { steps: 33 }],
  ['guidance', { guidance: 7.5 }, { guidance: 7.5 }],
  ['width', { width: 96 }, { width: 96 }],
  ['height', { height: 80 }, { height: 80 }],
  ['strength', { strength: 0.7 }, { strength: 0.7 }],
  ['facets', { facets: ['owls'] }, { facets: ['owls'] }],
  ['prompt', { prompt: 'nine zebras' }, { promptContains: 'zebra' }],
])(
  '%s belongs to the recipe: filtered for its owner, for others only once it is shared',
  async (_, recipe, filter) => {
    const { add, titles, author, reader } = await studio();
    await add('other', withRecipe({}));
    const id = await add('wanted', withRecipe(recipe));
    expect(await titles(author, filter)).toEqual(['wanted']);
    expect(await titles(reader, filter)).toEqual([]);
    await database.stores.works.setRecipeShared(id, true);
    expect(await titles(reader, filter)).toEqual(['wanted']);
  },
);

test('colours are named from the palette, and several filters hold together', async () => {
  const { add, titles, reader } = await studio();
  await add('red', withRecipe({}), { palette: ['#d02020', '#ffffff'] });
  await add('blue', withRecipe({ style: 'ink' }), { palette: ['#2040d0'] });
  await add('red ink', withRecipe({ style: 'ink' }), { palette: ['#c81e1e'] });
  expect(await titles(reader, { colours: ['red'] })).toEqual(['red ink', 'red']);
  expect(await titles(reader, { colours: ['red', 'blue'], styles: ['ink'] })).toEqual(['red ink', 'blue']);
  expect(await titles(reader, { colours: ['red'], styles: ['ink'], models: ['tiny'] })).toEqual(['red ink']);
});

test('ratings make the mean, the order and the filter, and a changed or withdrawn one counts no more', async () => {
  const { add, titles, people, reader } = await studio();
  const { ratings } = database.stores;
  const [low, high, none] = [await add('low'), await add('high'), await add('none')];
  for (const person of people) await ratings.set(person.id, high, 5, new Date());
  await ratings.set(people[0].id, low, 5, new Date());
  await ratings.set(people[0].id, low, 2, new Date());
  expect(await titles(reader, {}, 'TOP_RATED')).toEqual(['high', 'none', 'low']);
  expect(await titles(reader, { minRating: 3 })).toEqual(['high']);
  expect(await ratings.means([low, high, none])).toEqual(
    new Map([
      [low, { mean: 2, count: 1 }],
      [high, { mean: 5, count: 2 }],
    ]),
  );
  for (const person of people) await ratings.set(person.id, high, null, new Date());
  expect((await ratings.means([high])).size).toBe(0);
  expect((await titles(reader, {}, 'TOP_RATED'))[0]).toBe('none');
});

test('favourites order the gallery, and every order pages without gap or repeat', async () => {
  const { add, topic, people, reader } = await studio();
  const ids: ItemId[] = [];
  for (let i = 0; i < 9; i++)
    ids.push(await add(`w${i}`, { item: { visibility: i % 3 === 0 ? 'PUBLIC' : 'PUBLIC' } }));
  await database.stores.favourites.set(people[0].id, ids[4] as ItemId, true, new Date());
  await database.stores.favourites.set(people[1].id, ids[4] as ItemId, true, new Date());
  await database.stores.favourites.set(people[1].id, ids[7] as ItemId, true, new Date());
  for (const order of ['NEWEST', 'TOP_RATED', 'MOST_FAVOURITED'] as const) {
    const seen: string[] = [];
    let after: GalleryPlace | undefined;
    do {
      const wish = { order, first: 2, ...(after === undefined ? {} : { after }) };
      const page = await database.stores.gallery.page(reader.id, { topics: [topic] }, wish);
      seen.push(...page.works.map(({ item }) => item.title));
      after = page.hasNext ? page.works.at(-1)?.place : undefined;
    } while (after !== undefined);
    expect([...seen].sort()).toEqual(ids.map((_, i) => `w${i}`));
    if (order === 'MOST_FAVOURITED') expect(seen.slice(0, 2)).toEqual(['w4', 'w7']);
  }
});

test('labels are the author’s own: others neither see them nor find by them', async () => {
  const { add, titles, author, reader } = await studio();
  const id = await add('labelled');
  const { tags } = database.stores;
  expect(await tags.change(author.id, [id], { add: ['holiday', 'best'], remove: [] })).toBe(1);
  expect(await tags.change(reader.id, [id], { add: ['mine'], remove: [] })).toBe(0);
  await tags.change(author.id, [id], { add: ['best'], remove: ['holiday'] });
  expect(await tags.of(author.id, [id])).toEqual(new Map([[id, ['best']]]));
  expect(await tags.of(reader.id, [id])).toEqual(new Map());
  expect(await titles(author, { tags: ['best'] })).toEqual(['labelled']);
  expect(await titles(author, { text: 'best' })).toEqual(['labelled']);
  expect(await titles(reader, { tags: ['best'] })).toEqual([]);
  expect(await titles(reader, { text: 'best' })).toEqual([]);
});

test('near-equal pictures of one job stand as one stack, covered by the best rated that matches', async () => {
  const { add, titles, author, reader } = await studio();
  const near = ['ffff0000ffff0000', 'ffff0000ffff0003', 'ffff0000ffff000c'];
  const ids = [];
  for (const [i, perceptualHash] of near.entries())
    ids.push(await add(`near ${i}`, withRecipe({ style: i === 1 ? 'ink' : 'flat' }), { perceptualHash }));
  await add('far', {}, { perceptualHash: '0f0f0f0f0f0f0f0f' });
  await add('near but secret', { item: { visibility: 'PRIVATE' } }, { perceptualHash: near[0] ?? '' });
  expect(await titles(reader, { groupVariants: true })).toEqual(['far', 'near 2']);
  await database.stores.ratings.set(reader.id, ids[0] as ItemId, 5, new Date());
  expect(await titles(reader, { groupVariants: true })).toEqual(['far', 'near 0']);
  expect(await titles(reader, { groupVariants: true, styles: ['ink'] })).toEqual(['near 1']);
  const { stacks } = database.stores;
  expect((await stacks.sizes(reader.id, [ids[0] as ItemId])).get(ids[0] as ItemId)).toBe(3);
  expect((await stacks.sizes(author.id, [ids[0] as ItemId])).get(ids[0] as ItemId)).toBe(4);
  expect(await stacks.variantsOf(null, ids[0] as ItemId, 10)).toHaveLength(3);
});

test('a mixture too rare for the trial along the order is gathered, and pages without gap or repeat', async () => {
  const { add, topic, author, reader } = await studio();
  const id = await add('the usual', withRecipe({}));
  await copies(id, { from: 1, to: 6_000, style: 'flat' }); // newest, best rated and most liked: the trial sees nothing else
  await copies(id, { from: 6_001, to: 6_021, style: 'ink' });
  await copies(id, { from: 6_022, to: 6_025, style: 'ink', visibility: 'PRIVATE' });
  const rare = { topics: [topic], styles: ['ink'] };
  for (const order of ['NEWEST', 'TOP_RATED', 'MOST_FAVOURITED'] as const) {
    const seen = async (viewer: World['people'][0], filter: GalleryFilter) =>
      (await everyPage(viewer, filter, order)).map(({ recipe }) => recipe.seed);
    expect(await seen(reader, rare)).toEqual(numbers(6_001, 6_021));
    expect(await seen(author, rare)).toEqual(numbers(6_001, 6_025));
    expect(await seen(author, { ...rare, visibility: ['PRIVATE'] })).toEqual(numbers(6_022, 6_025));
    expect(await seen(reader, { ...rare, minRating: 2 })).toEqual(numbers(6_001, 6_011));
    // stacks of three by number, the first of each the best rated; 6,000 is no ink, so that its stack begins with 6,001
    const isCover = (seed: number) => seed === 6_001 || seed % 3 === 0;
    const grouped = { ...rare, groupVariants: true };
    expect(await seen(reader, grouped)).toEqual(numbers(6_001, 6_021).filter(isCover));
    expect(await seen(author, grouped)).toEqual(numbers(6_001, 6_025).filter(isCover));
  }
});

test('a family is found from any of its members, up and down', async () => {
  const { add, titles, author, items } = await studio();
  const root = await add('root', { parentId: items[0].id });
  const child = await add('child', { parentId: root });
  const grandchild = await add('grandchild', { parentId: child, basedOn: [items[1].id] });
  await add('stranger');
  for (const lineageOf of [root, child, grandchild])
    expect((await titles(author, { lineageOf })).sort()).toEqual(['child', 'grandchild', 'root']);
  expect(await titles(author, { parentId: root })).toEqual(['child']);
  expect(await titles(author, { basedOn: items[1].id })).toEqual(['grandchild']);
});

test('facets count what the viewer may see, by public facts only', async () => {
  const { add, topic, author, reader } = await studio();
  await add('a', withRecipe({ style: 'ink', steps: 7 }), { palette: ['#d02020'] });
  await add('b', withRecipe({ style: 'ink' }));
  await add('c', { ...withRecipe({ style: 'oil' }), item: { visibility: 'PRIVATE' } });
  const of = async (viewer: World['people'][0]) => {
    const facets = await database.stores.gallery.facets(viewer.id, { topics: [topic] }, ['style', 'colour']);
    return [facets.counted, ...facets.counts.map(({ field, value, count }) => `${field} ${value} ${count}`)];
  };
  expect(await of(reader)).toEqual([2, 'colour red 1', 'style ink 2']);
  expect(await of(author)).toEqual([3, 'colour red 1', 'style ink 2', 'style oil 1']);
  const secret = await database.stores.gallery.facets(reader.id, {}, ['steps' as 'style']);
  expect(secret.counts).toEqual([]);
});

test('what stops being public has gone for others, and nobody else hears of private works', async () => {
  const { add, author, reader } = await studio();
  const { galleryLog } = database.stores;
  const start = await galleryLog.latestSeq();
  const itemId = await add('withdrawn');
  const change = { itemId, ownerId: author.id, at: new Date() };
  await galleryLog.append({ ...change, kind: 'UPDATED', visibility: 'PRIVATE', was: 'PUBLIC' });
  await galleryLog.append({ ...change, kind: 'UPDATED', visibility: 'PRIVATE' });
  await galleryLog.append({ ...change, kind: 'REMOVED', visibility: 'HIDDEN', was: 'PRIVATE' });
  const kinds = async (viewer: World['people'][0]) =>
    (await galleryLog.after(start, viewer.id, 10)).map(({ kind }) => kind);
  expect(await kinds(reader)).toEqual(['REMOVED']);
  expect(await kinds(author)).toEqual(['UPDATED', 'UPDATED', 'REMOVED']);
});

test('a deletion hides at once, can be taken back, and then removes every row', async () => {
  const { add, titles, author, reader } = await studio();
  const { deletions, works, items, favourites, collections } = database.stores;
  const id = await add('doomed', { item: { visibility: 'UNLISTED' } }, {});
  expect(await deletions.hide(reader.id, [id], new Date())).toEqual([]);
  expect(await deletions.hide(author.id, [id], new Date())).toEqual([{ itemId: id, was: 'UNLISTED' }]);
  expect(await titles(author)).toEqual([]);
  expect(await deletions.restore(author.id, [id])).toEqual([{ itemId: id, visibility: 'UNLISTED' }]);
  expect(await titles(author)).toEqual(['doomed']);
  expect(await deletions.remove(id)).toEqual([]);
  await favourites.set(author.id, id, true, new Date());
  await database.stores.ratings.set(author.id, id, 4, new Date());
  await deletions.hide(author.id, [id], new Date(0));
  expect(await deletions.due(new Date(1), 5)).toEqual([id]);
  const [work] = await works.byItemIds([id]);
  expect(await deletions.remove(id)).toEqual([work?.contentHash]);
  expect([await works.byItemIds([id]), await items.byIds([id])]).toEqual([[], []]);
  expect(await deletions.restore(author.id, [id])).toEqual([]);
  expect(await collections.byIds([])).toEqual([]);
});
