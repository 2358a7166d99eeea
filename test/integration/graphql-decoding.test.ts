import { randomUUID } from 'node:crypto';
import { withApi } from '../support/api.js';
import { must } from '../support/must.js';
import { smallWorld, type SmallWorld } from '../support/small-world.js';
import { newItem } from '../support/world.js';

const api = withApi();
let world: SmallWorld;
beforeAll(async () => {
  world = await smallWorld(api.ports);
});

const as = ({ externalId }: { externalId: string }) => ({ 'x-vitrine-person': externalId });

test('words lead to items by any of their strings, and each says what was found where', async () => {
  const { data, errors } = await api.send('FindByFacets', { text: 'plant thing 21' }, as(world.ada));
  expect(errors).toBeUndefined();
  const { results, matches } = data.findByFacets;
  expect(results.nodes[0]?.title).toBe('Thing 21'); // item 21 is one of the plants, and "plant" is spelt alike
  expect(matches.map(({ content }) => content.id)).toEqual(results.nodes.map(({ id }) => id));
  const facets = must(matches[0]).facets;
  expect(facets).toContainEqual(expect.objectContaining({ attribute: 'title', words: 'thing 21' }));
  expect(facets.map(({ attribute }) => attribute)).toContain('group');
});

test('what a person hid does not come back through words', async () => {
  const first = await api.send('FindByFacets', { text: 'thing 7' }, as(world.bob));
  const target = must(first.data.findByFacets.results.nodes[0]);
  const hide = { clientEventId: randomUUID(), type: 'HIDE', contentId: target.id };
  await api.send('RecordEvents', { input: { events: [hide] } }, as(world.bob));
  const again = await api.send('FindByFacets', { text: 'thing 7', first: 100 }, as(world.bob));
  expect(again.data.findByFacets.results.nodes.map(({ id }) => id)).not.toContain(target.id);
});

test('no words at all, or a book of them, is a failure that names the argument', async () => {
  for (const text of [' ?! ', 'word '.repeat(101)]) {
    for (const name of ['FindByFacets', 'Ground'] as const) {
      const { errors } = await api.send(name, { text }, as(world.ada));
      expect(errors?.[0]?.extensions.code).toBe('INVALID_INPUT');
    }
  }
});

test('a session has the length asked for, no repeat, nothing seen, and can be quoted in events', async () => {
  const { data, errors } = await api.send('Session', { length: 12 }, as(world.ada));
  expect(errors).toBeUndefined();
  const { nodes, requestId, degraded } = data.session;
  expect(nodes).toHaveLength(12);
  expect(new Set(nodes.map(({ id }) => id)).size).toBe(12);
  expect(degraded?.reason).toMatch(/no codes/); // the baseline answers here
  const seen = world.items.slice(0, 60).filter((_, i) => i % 4 === 0 && i < 32); // ada's eight clicks
  expect(nodes.some(({ title }) => seen.some((item) => item.title === title))).toBe(false);
  const click = { clientEventId: randomUUID(), type: 'CLICK', contentId: must(nodes[0]).id, requestId };
  const recorded = await api.send('RecordEvents', { input: { events: [click] } }, as(world.ada));
  expect(recorded.data.recordEvents).toMatchObject({ accepted: 1 });
  const tooLong = await api.send('Session', { length: 31 }, as(world.ada));
  expect(tooLong.errors?.[0]?.extensions.code).toBe('INVALID_INPUT');
});

test('grounding says that it has no words to go by, then gives the real items nearest to them, hidden ones never', async () => {
  const none = await api.send('Ground', { text: 'anything' }, as(world.ada));
  expect(none.errors?.[0]?.extensions.code).toBe('CONFLICT');

  const catalogue = await api.ports.stores.catalogues.save({ ...world.catalogue, key: 'grounded' });
  const names = ['near', 'far', 'hidden'];
  await api.ports.stores.items.saveAll(
    names.map((name) =>
      newItem(catalogue.id, name, { title: name, visibility: name === 'hidden' ? 'HIDDEN' : 'PUBLIC' }),
    ),
  );
  const items = await api.ports.stores.items.byExternalIds(catalogue.id, names);
  // the encoder of these tests puts every text at (1, 0)
  const vectorOf = (name: string) => (name === 'far' ? Float32Array.of(0, 1) : Float32Array.of(1, 0));
  await api.ports.stores.items.saveVectors(
    new Map(items.map(({ id, externalId }) => [id, vectorOf(externalId)])),
  );
  const { data: known } = await api.send('Catalogues', {}, as(world.ada));
  const catalogueId = known.catalogues.find(({ key }) => key === 'grounded')?.id;
  const { data, errors } = await api.send('Ground', { text: 'anything', catalogueId }, as(world.ada));
  expect(errors).toBeUndefined();
  expect(data.ground.nodes.map(({ title }) => title)).toEqual(['near', 'far']);
});
