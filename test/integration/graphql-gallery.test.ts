import { purgeDeleted } from '../../src/flow/purge-deleted.js';
import { idSeal } from '../../src/graphql/ids.js';
import { idKey } from '../../src/server.js';
import { SECRET, withApi } from '../support/api.js';
import { as, drawnWorks } from '../support/drawn-works.js';
import { must } from '../support/must.js';
import { smallWorld, type SmallWorld } from '../support/small-world.js';

const api = withApi();
const ids = idSeal(idKey(SECRET));
let world: SmallWorld;
beforeAll(async () => {
  world = await smallWorld(api.ports);
});

const works = drawnWorks(api);
const made = (input: object, who = world.ada) => works.made(input, who);
const done = (name: 'TAG' | 'DELETE' | 'EXPORT', input: object, who = world.ada) =>
  works.done(name, input, who);

const found = async (variables: object, who = world.ada) => {
  const { data, errors } = await api.send('Gallery', variables, as(who));
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data.gallery.edges.map(({ node }) => node.id);
};

test('an unknown filter is an error and never a silent list of everything', async () => {
  const reply = await api.query('{ gallery(filter: { shoeSize: 42 }) { totalCount } }', as(world.ada));
  expect(reply.status).toBe(400);
  expect(reply.errors?.[0]?.message).toContain('shoeSize');
  const rating = await api.send('Gallery', { filter: { minRating: 9 } }, as(world.ada));
  expect(rating.errors?.[0]?.message).toBe('minRating: 1 to 5 was wanted, 9 came');
});

test('what looks alike is found, nearest first, with its relevance, and never what is private to another', async () => {
  const red = await made({ brief: 'a red disc', visibility: 'PUBLIC' });
  const nearRed = await made({ brief: 'one more red disc', seed: 1, visibility: 'PUBLIC' });
  const blue = await made({ brief: 'a blue disc', visibility: 'PUBLIC' });
  const secret = await made({ brief: 'a secret red disc', seed: 2 });
  const like = { filter: { similarTo: red } };
  expect((await found(like)).filter((id) => [nearRed, blue, secret].includes(id)).at(-1)).toBe(blue);
  const his = await found(like, world.bob);
  expect(his).not.toContain(secret);
  expect(his.indexOf(nearRed)).toBeLessThan(his.indexOf(blue));
  const { data } = await api.send('Gallery', like, as(world.bob));
  const relevance = data.gallery.edges.map((edge) => edge.relevance ?? 0);
  expect([...relevance].sort((a, b) => b - a)).toEqual(relevance);
  const others = { filter: { similarTo: secret } };
  expect((await api.send('Gallery', others, as(world.bob))).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  await api.send('SetVisibility', { itemId: nearRed, visibility: 'PRIVATE' }, as(world.ada));
  expect(await found(like, world.bob)).not.toContain(nearRed);
});

test('words are ranked by relevance, and pages of it follow each other', async () => {
  const topic = 'quagga';
  const made3: string[] = [];
  for (let i = 0; i < 3; i++) made3.push(await made({ brief: `a blue ${topic} ${i}` }));
  const wish = { filter: { text: topic, mine: true }, order: 'RELEVANCE', first: 2 };
  const first = await api.send('Gallery', wish, as(world.ada));
  const { endCursor } = first.data.gallery.pageInfo;
  const second = await api.send('Gallery', { ...wish, after: endCursor }, as(world.ada));
  const pages = [...first.data.gallery.edges, ...second.data.gallery.edges].map(({ node }) => node.id);
  expect(new Set(pages).size).toBe(pages.length);
  expect(first.data.gallery.edges.map(({ node }) => made3.includes(node.id))).toEqual([true, true]);
  const mixed = await api.send('Gallery', { first: 2, after: endCursor }, as(world.ada));
  expect(mixed.errors?.[0]?.message).toContain('a cursor of order NEWEST was wanted');
});

test('a rating is one’s own, makes the mean, and is an event; labels show to their author only', async () => {
  const itemId = await made({ brief: 'a blue rated disc', visibility: 'PUBLIC' });
  const rate = async (value: number | null, who: { externalId: string }) =>
    (await api.send('RateItem', { itemId, value }, as(who))).data.rateItem;
  expect(await rate(5, world.bob)).toMatchObject({ item: { rating: 5, ratingCount: 1, viewerRating: 5 } });
  expect(await rate(2, world.ada)).toMatchObject({ item: { rating: 3.5, ratingCount: 2, viewerRating: 2 } });
  expect(await rate(9, world.bob)).toMatchObject({ code: 'INVALID_INPUT', path: ['value'] });
  const { events } = await api.ports.stores.profiles.known(world.bob.id, 1);
  expect(events).toMatchObject([{ type: 'RATE', value: 5 }]);
  const tag = async (who: { externalId: string }) =>
    (await api.send('TagItem', { itemId, add: ['  My  Best '] }, as(who))).data.tagItem;
  expect(await tag(world.bob)).toMatchObject({ code: 'NOT_FOUND' });
  expect(await tag(world.ada)).toMatchObject({ item: { tags: ['my best'] } });
  const query = `{ node(id: "${itemId}") { ... on GeneratedItem { tags viewerRating } } }`;
  expect((await api.query(query, as(world.bob))).data).toEqual({ node: { tags: null, viewerRating: 5 } });
});

test('facets count only what the viewer may see', async () => {
  await made({ brief: 'a red pangolin', style: 'pangolinesque' });
  const styles = async (who: { externalId: string }) => {
    const { data } = await api.send('GalleryFacets', { fields: ['STYLE', 'style'].slice(1) }, as(who));
    return data.gallery.facets.counts
      .filter(({ value }) => value === 'pangolinesque')
      .map(({ count }) => count);
  };
  expect([await styles(world.ada), await styles(world.bob)]).toEqual([[1], []]);
});

test('a collection keeps the order of the hand, refuses an old version, and is nobody else’s', async () => {
  const works = [
    await made({ brief: 'a red one' }),
    await made({ brief: 'a red two' }),
    await made({ brief: 'a red three' }),
  ];
  const save = async (input: object, who = world.ada) =>
    (await api.send('SaveCollection', { input }, as(who))).data.saveCollection;
  const { collection } = await save({ name: 'Reds', add: works });
  const { id } = collection;
  const held = async (who = world.ada) =>
    (await api.send('CollectionWorks', { id }, as(who))).data.node?.items.edges.map(({ node }) => node.id);
  expect(await held()).toEqual(works);
  const change = { order: [works[2]], remove: [works[0]], name: 'Two reds' };
  const moved = await save({ id, expectedVersion: 1, ...change });
  expect(moved).toMatchObject({ collection: { id } });
  expect(await held()).toEqual([works[2], works[1]]);
  expect(await save({ id, expectedVersion: 1, name: 'Late' })).toMatchObject({
    ...{ __typename: 'Conflict', code: 'CONFLICT', currentVersion: 2 },
  });
  expect(await save({ id, name: 'Blind' })).toMatchObject({ __typename: 'Conflict', currentVersion: 2 });
  expect(await save({ id, expectedVersion: 2, name: 'Mine' }, world.bob)).toMatchObject({
    code: 'NOT_FOUND',
  });
  expect(await save({ name: 'Stolen', add: works }, world.bob)).toMatchObject({ code: 'NOT_FOUND' });
  expect(await held(world.bob)).toBeUndefined();
  const foreign = await api.send('Gallery', { filter: { collectionId: id } }, as(world.bob));
  expect(foreign.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  expect(await found({ filter: { collectionId: id } })).toHaveLength(2);
});

test('a share link shows what is not private, until it is taken back', async () => {
  const shown = await made({ brief: 'a red shared disc', visibility: 'UNLISTED' });
  const hidden = await made({ brief: 'a red hidden disc' });
  const saved = await api.send(
    'SaveCollection',
    { input: { name: 'Open', add: [hidden, shown] } },
    as(world.ada),
  );
  const { id } = saved.data.saveCollection.collection;
  expect((await api.send('ShareCollection', { id }, as(world.bob))).data.shareCollection.code).toBe(
    'NOT_FOUND',
  );
  const { token } = (await api.send('ShareCollection', { id, days: 2 }, as(world.ada))).data.shareCollection
    .link;
  const open = async (link = token) =>
    (await api.send('SharedCollection', { token: link })).data.sharedCollection;
  expect((await open())?.items.edges.map(({ node }) => node.id)).toEqual([shown]);
  expect(await open(`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`)).toBeNull();
  expect(await open(id)).toBeNull();
  expect((await api.send('RevokeShareLink', { token }, as(world.bob))).data.revokeShareLink.code).toBe(
    'NOT_FOUND',
  );
  const revoked = await api.send('RevokeShareLink', { token }, as(world.ada));
  expect(revoked.data.revokeShareLink.collection.links).toEqual([]);
  expect(await open()).toBeNull();
});

test('a smart collection holds what matches now, and a link to it shows nothing private', async () => {
  const save = { name: 'Ocelots', smartFilter: { text: 'ocelot' } };
  const saved = await api.send('SaveCollection', { input: save }, as(world.ada));
  const { id } = saved.data.saveCollection.collection;
  const own = await made({ brief: 'a red ocelot' });
  const open = await made({ brief: 'a blue ocelot', visibility: 'PUBLIC' });
  const inside = await api.send('CollectionWorks', { id }, as(world.ada));
  expect(inside.errors).toBeUndefined();
  expect(inside.data.node?.items.edges.map(({ node }) => node.id)).toEqual([open, own]);
  const { token } = (await api.send('ShareCollection', { id }, as(world.ada))).data.shareCollection.link;
  const shared = await api.send('SharedCollection', { token });
  expect(shared.data.sharedCollection?.items.edges.map(({ node }) => node.id)).toEqual([open]);
});

test('FOR_YOU puts what fits stated tastes first and says why', async () => {
  const [dull, liked] = [await made({ brief: 'a red walrus' }), await made({ brief: 'a red kiwi' })];
  await made({ brief: 'a red walrus again' });
  const item = must(await api.ports.stores.items.byIds([ids.open('Item', liked)]))[0];
  const topic = must(item).topics.find((one) => one.includes('kiwi')) ?? must(item).topics[0];
  await api.ports.stores.profiles.saveFacet({
    ...{ personId: world.ada.id, attribute: 'topic', value: topic ?? '', weight: 1 },
    ...{ origin: 'STATED', pinned: false, updatedAt: new Date() },
  });
  const { data, errors } = await api.send('Gallery', { order: 'FOR_YOU', first: 100 }, as(world.ada));
  expect(errors).toBeUndefined();
  const order = data.gallery.edges.map(({ node }) => node.id);
  expect(order.indexOf(liked)).toBeLessThan(order.indexOf(dull));
  const reason = data.gallery.edges.find(({ node }) => node.id === liked)?.explanation;
  expect(reason?.text).toContain(topic);
  expect(reason?.claims.every(({ evidence }) => evidence.length > 0)).toBe(true);
});

test('bulk labels and deletes reach own works only; a deletion is taken back, and later takes rows and bytes', async () => {
  const mine = await made({ brief: 'a red doomed disc' });
  const his = await made({ brief: 'a blue doomed disc', visibility: 'PUBLIC' }, world.bob);
  const both = { itemIds: [mine, his] };
  expect(await done('TAG', { ...both, addTags: ['old'] })).toMatchObject({
    status: 'SUCCEEDED',
    rowsAccepted: 1,
  });
  expect(await found({ filter: { tags: ['old'] } })).toEqual([mine]);
  expect(await done('DELETE', { filter: { text: 'doomed' } })).toMatchObject({ rowsAccepted: 1 });
  expect(await found({ filter: { text: 'doomed' } })).toEqual([his]);
  const node = `{ node(id: "${mine}") { id } }`;
  expect((await api.query(node, as(world.ada))).data).toEqual({ node: null });
  const shown = await api.send('SetVisibility', { itemId: mine, visibility: 'PUBLIC' }, as(world.ada));
  expect(shown.data.setVisibility).toMatchObject({ code: 'NOT_FOUND' });
  const back = await api.send('RestoreWorks', { itemIds: [mine, his] }, as(world.ada));
  expect(back.data.restoreWorks.items.map(({ id }) => id)).toEqual([mine]);
  const [work] = await api.ports.stores.works.byItemIds([ids.open('Item', mine)]);
  const { contentHash } = must(work);
  await done('DELETE', both);
  expect(await purgeDeleted(api.ports)).toBe(0);
  const tomorrow = { now: () => new Date(Date.now() + 25 * 3_600_000) };
  expect(await purgeDeleted({ ...api.ports, clock: tomorrow })).toBe(1);
  expect(await api.ports.blobs.has(contentHash)).toBe(false);
  expect(await api.ports.stores.media.byHashes([contentHash])).toEqual([]);
  expect(await found({ filter: { text: 'doomed' } })).toEqual([his]);
});
