import type { ExplanationId, FacetId, ModelVersionId, RequestId } from '../../src/domain/ids.js';
import type { Facet } from '../../src/domain/person.js';
import type { Explanation, ServedRequest } from '../../src/domain/recommendation.js';
import { uuidIds } from '../../src/infra/uuid-ids.js';
import { withDatabase } from '../support/test-database.js';
import { world, type World } from '../support/world.js';

const database = withDatabase();
const ids = uuidIds();
const at = new Date('2024-05-01T12:00:00.500Z');

const facetOf = ({ people }: World, changes: Partial<Facet> = {}): Omit<Facet, 'id'> => ({
  ...{ personId: people[0].id, attribute: 'topic', value: 'foxes', weight: 0.5, origin: 'OBSERVED' },
  ...{ pinned: false, updatedAt: at },
  ...changes,
});

test('a facet is one per person, attribute and value; heavier ones come first', async () => {
  const here = await world(database);
  const { profiles } = database.stores;
  const first = await profiles.saveFacet(facetOf(here));
  const again = await profiles.saveFacet(facetOf(here, { weight: 0.9, origin: 'STATED', pinned: true }));
  expect(again).toEqual({ ...facetOf(here), id: first.id, weight: 0.9, origin: 'STATED', pinned: true });
  const other = await profiles.saveFacet(facetOf(here, { value: 'owls', weight: 0.95 }));
  expect(await profiles.facets(here.people[0].id)).toEqual([other, again]);
  const renamed = await profiles.saveFacet({ ...other, value: 'eagles' });
  expect(renamed).toEqual({ ...other, value: 'eagles' });
  expect(await profiles.facetsByIds([other.id, 'nonsense' as FacetId])).toEqual([renamed]);
});

test('only the owner removes a facet', async () => {
  const here = await world(database);
  const { profiles } = database.stores;
  const { id } = await profiles.saveFacet(facetOf(here));
  expect(await profiles.removeFacet(here.people[1].id, id)).toBe(false);
  expect(await profiles.removeFacet(here.people[0].id, id)).toBe(true);
  expect(await profiles.removeFacet(here.people[0].id, id)).toBe(false);
});

test('a control is there once however often it is given', async () => {
  const { people, items } = await world(database);
  const { profiles } = database.stores;
  const control = { personId: people[0].id, kind: 'HIDE_ITEM', target: items[0].id, at } as const;
  await Promise.all([profiles.addControl(control), profiles.addControl(control)]);
  expect((await profiles.known(people[0].id, 10)).controls).toEqual([control]);
  expect(await profiles.removeControl(people[0].id, 'HIDE_TOPIC', items[0].id)).toBe(false);
  expect(await profiles.removeControl(people[0].id, 'HIDE_ITEM', items[0].id)).toBe(true);
  expect((await profiles.known(people[0].id, 10)).controls).toEqual([]);
});

function answerIn({ people, catalogue, items }: World): ServedRequest {
  return {
    ...{ id: ids.next() as RequestId, personId: people[0].id, catalogueId: catalogue.id, surface: 'HOME' },
    ...{ modelVersionId: ids.next() as ModelVersionId, profiled: true, degraded: null, createdAt: at },
    request: 'something cosy',
    history: [{ eventId: 'e1', itemId: items[0].id, at }],
    entries: [
      ...[{ itemId: items[1].id, position: 0, score: 0.1 + 0.2, sources: ['SEQUENCE', 'TRENDING'] as const }],
    ].map((entry) => ({ ...entry, explored: false, propensity: 1 })),
  };
}

test('an answer comes back as it was given', async () => {
  const answer = answerIn(await world(database));
  await database.stores.answers.saveRequest(answer);
  await database.stores.answers.saveRequest(answer);
  expect(await database.stores.answers.request(answer.id)).toEqual(answer);
  expect(await database.stores.answers.request('nonsense' as RequestId)).toBeNull();
});

test('explanations are found by id and by place, the first one of a place', async () => {
  const here = await world(database);
  const { answers } = database.stores;
  const answer = answerIn(here);
  await answers.saveRequest(answer);
  const [fox, owl] = here.items;
  const explain = (changes: Partial<Explanation>): Explanation => ({
    ...{ id: ids.next() as ExplanationId, requestId: answer.id, personId: answer.personId, itemId: fox.id },
    ...{ style: 'SHORT', locale: 'en', text: 'Because of foxes', groundedShare: 1, createdAt: at },
    claims: [{ text: 'foxes', start: 11, end: 16, evidence: [], contribution: null }],
    controls: [{ label: 'More', action: 'MORE_LIKE_THIS', targetId: fox.id }],
    ...changes,
  });
  const [first, second, full] = [explain({}), explain({}), explain({ style: 'FULL', itemId: owl.id })];
  await answers.saveExplanations([first]);
  await answers.saveExplanations([second, full]);
  expect(await answers.explanations([second.id])).toEqual([second]);
  expect(await answers.explanationsFor(answer.id, [fox.id, owl.id], 'SHORT')).toEqual([first]);
  expect(await answers.explanationsFor(answer.id, [owl.id], 'FULL')).toEqual([full]);
});
