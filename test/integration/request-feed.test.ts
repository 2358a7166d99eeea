import type { Item } from '../../src/domain/item.js';
import type { Person } from '../../src/domain/person.js';
import { explainItems } from '../../src/flow/explain-items.js';
import { indexItems } from '../../src/flow/index-items.js';
import { createRankerPool } from '../../src/flow/ranker-pool.js';
import { recommend } from '../../src/flow/recommend.js';
import { onnxCompute } from '../../src/infra/compute/onnx-compute.js';
import { createEmbeddedEncoder } from '../../src/infra/providers/embeddings/embedded-encoder.js';
import { withApi } from '../support/api.js';
import { must } from '../support/must.js';
import { newItem, newPerson } from '../support/world.js';

/** Five things to do, each in several makes, with the encoder that ships: whoever asks for one in words is shown that one. */
const api = withApi();
const THINGS = {
  cosy: ['Warm blanket by the fireplace', 'Cup of hot cocoa', 'Scented candle in the dark', 'Soft slippers'],
  sport: ['Football match', 'Marathon in the city', 'Basketball training', 'Tennis racket'],
  cars: ['Red sports car', 'Truck on the motorway', 'Vintage car engine', 'Racing car'],
  sea: ['Sailing boat', 'Sandy beach', 'Whale in the ocean', 'Coral reef'],
  work: ['Office desk', 'Spreadsheet of numbers', 'Board meeting', 'Tax form'],
};
const names = Object.entries(THINGS).flatMap(([kind, titles]) =>
  titles.flatMap((title) => [1, 2].map((make) => ({ kind, title, id: `${title} ${make}` }))),
);
let items: ReadonlyMap<string, Item>;

beforeAll(async () => {
  const { stores } = api.ports;
  const about = { key: 'things', name: 'Things', domain: 'things', language: 'en' };
  const catalogue = await stores.catalogues.save(about);
  await stores.items.saveAll(
    names.map(({ id, title }) => newItem(catalogue.id, id, { title, topics: [], attributes: {} })),
  );
  const stored = await stores.items.byExternalIds(
    catalogue.id,
    names.map(({ id }) => id),
  );
  items = new Map(stored.map((item) => [item.id, item]));
  const signal = new AbortController().signal;
  await indexItems({ ...api.ports, text }, catalogue.id, { signal, onProgress: () => undefined });
});

const text = createEmbeddedEncoder(onnxCompute({ threads: 1 }));

async function personWho(kind: string): Promise<Person> {
  const { stores } = api.ports;
  const person = await stores.people.ensure(newPerson({ kind: 'SIMULATED' }));
  const clicked = [...items.values()].filter((item) => kindOf(item) === kind).slice(0, 3);
  await stores.events.appendAll(
    clicked.map(({ id: itemId }, i) => ({
      ...{ clientEventId: `${person.id}-${i}`, personId: person.id, itemId, type: 'CLICK' as const },
      ...{ value: null, requestId: null, position: null, at: new Date(Date.now() - 1000 * i) },
    })),
  );
  return person;
}

const kindOf = ({ externalId }: Item) => must(names.find(({ id }) => id === externalId)).kind;

async function feed(viewer: Person, request: string | null) {
  const rankers = createRankerPool(api.ports);
  const answer = await recommend(
    { ...api.ports, text, rankers },
    {
      ...{ viewer, request, catalogueId: null, surface: 'HOME', requestId: null, first: 20 },
      ...{ afterPosition: null, withoutProfiling: false, includeSeen: false, allowGenerated: true },
      topics: null,
    },
  );
  const kinds = answer.page
    .filter(({ explored }) => !explored)
    .map(({ itemId }) => kindOf(must(items.get(itemId))));
  return { ...answer, kinds, rankers };
}

test('what is asked for in words leads the list, and the reason says so in those words', async () => {
  const runner = await personWho('sport');
  const words = 'something cosy for the evening';
  const { kinds, request, rankers, page } = await feed(runner, words);
  expect(kinds.slice(0, 4).filter((kind) => kind === 'cosy').length).toBeGreaterThanOrEqual(3);
  const without = await feed(runner, null);
  expect(without.kinds.slice(0, 4)).not.toEqual(kinds.slice(0, 4));
  expect(request.request).toBe(words);
  const itemIds = page.map(({ itemId }) => itemId);
  const asked = { viewer: runner, requestId: request.id, itemIds, style: 'SHORT' } as const;
  const reasons = await explainItems({ ...api.ports, rankers }, asked);
  const first = must(reasons.get(must(page[0]).itemId));
  expect(first.text).toBe(`Near to what you asked for: “${words}”.`);
  expect(first.claims[0]?.evidence[0]).toMatchObject({ kind: 'REQUEST', words });
  const far = page.filter(({ nearness }) => nearness === undefined);
  expect(far.length).toBeGreaterThan(0);
  for (const { itemId } of far) expect(reasons.get(itemId)?.text ?? '').not.toContain('asked for');
});

test('two people who ask for the same get it in their own order, without what they hid', async () => {
  const words = 'driving fast';
  const sailor = await personWho('sea');
  const driver = await personWho('cars');
  const [one, other] = [await feed(sailor, words), await feed(driver, words)];
  expect(one.kinds[0]).toBe('cars');
  const hidden = must(one.page[0]).itemId;
  await api.ports.stores.profiles.addControl({
    personId: sailor.id,
    kind: 'HIDE_ITEM',
    target: hidden,
    at: new Date(),
  });
  const next = await feed(sailor, words);
  expect(next.page.map(({ itemId }) => itemId)).not.toContain(hidden);
  const order = ({ page }: typeof one) => page.map(({ itemId }) => itemId);
  expect(order(other)).not.toEqual(order(one));
});

test('through the API: empty and endless requests are refused, a stored one can be scrolled', async () => {
  const person = await personWho('sea');
  const as = { 'x-vitrine-person': person.externalId };
  const ask = (request: string) => api.send('FeedForRequest', { request, first: 5 }, as);
  for (const wrong of ['  ', 'x'.repeat(501)])
    expect((await ask(wrong)).errors?.[0]?.extensions.code).toBe('INVALID_INPUT');
  const { data } = await ask('a “quoted” wish');
  const { edges, pageInfo } = data.recommendations;
  const more = await api.send('MoreFeed', { first: 5, after: pageInfo.endCursor }, as);
  expect(more.data.recommendations.edges[0]?.position).toBe(5);
  expect(edges).toHaveLength(5);
});
