import type { RequestId } from '../../src/domain/ids.js';
import type { Item } from '../../src/domain/item.js';
import type { Person } from '../../src/domain/person.js';
import type { ServedRequest } from '../../src/domain/recommendation.js';
import { loadPreferences } from '../../src/flow/load-preferences.js';
import { loadTrainingData } from '../../src/flow/load-training-data.js';
import { systemClock } from '../../src/infra/system-clock.js';
import { uuidIds } from '../../src/infra/uuid-ids.js';
import { must } from '../support/must.js';
import { smallWorld, type SmallWorld } from '../support/small-world.js';
import { withDatabase } from '../support/test-database.js';

const database = withDatabase();
const ids = uuidIds();
let world: SmallWorld;
beforeAll(async () => {
  world = await smallWorld(database);
});

type Reaction = readonly [Item, 'CLICK' | 'HIDE' | 'IMPRESSION' | 'FAVOURITE'];

/** An answer to this person that showed these items, after a history of one, and what the person did with it. */
async function answered(person: Person, shown: readonly Item[], reactions: readonly Reaction[]) {
  const { stores } = database;
  const request: ServedRequest = {
    ...{ id: ids.next() as RequestId, personId: person.id, catalogueId: world.catalogue.id, surface: 'HOME' },
    ...{ modelVersionId: null, profiled: true, degraded: null, createdAt: new Date() },
    history: [{ eventId: ids.next(), itemId: must(world.items[0]).id, at: new Date() }],
    entries: shown.map(({ id }, position) => ({
      ...{ itemId: id, position, score: 1, sources: [], explored: false, propensity: 1 },
    })),
  };
  await stores.answers.saveRequest(request);
  const events = reactions.map(([item, type], i) => ({
    ...{ clientEventId: ids.next(), personId: person.id, itemId: item.id, type, value: null },
    ...{ requestId: request.id, position: shown.indexOf(item), at: new Date(Date.now() - 1000 + i) },
  }));
  await stores.events.appendAll(events);
  return events;
}

/** What was learned of a person, in external ids. */
async function learned(person: Person) {
  const ports = { stores: database.stores, clock: systemClock };
  const data = await loadTrainingData(ports, world.catalogue.id, 1);
  const nameOf = new Map(world.items.map(({ id, externalId }) => [id, externalId]));
  const name = (number: number) => nameOf.get(must(data.itemIds[number]));
  const preferences = await loadPreferences(ports, world.catalogue.id, data);
  return preferences
    .filter((preference) => data.personIds[preference.person] === person.id)
    .map(({ history, chosen, rejected }) => ({
      history: Array.from(history, name),
      chosen: name(chosen),
      rejected: Array.from(rejected, name).sort(),
    }));
}
const shelf = (...numbers: number[]) => numbers.map((number) => must(world.items[number]));

test('what stood above a clicked item or right after it was passed over, and so was what was hidden', async () => {
  const shown = shelf(41, 42, 43, 44, 45, 46);
  const [, , third, , , last] = shown;
  await answered(world.ada, shown, [
    [must(third), 'CLICK'],
    [must(third), 'FAVOURITE'],
  ]);
  expect(await learned(world.ada)).toEqual([
    { history: ['item-0'], chosen: 'item-43', rejected: ['item-41', 'item-42', 'item-44'] },
  ]);
  await answered(world.ada, shelf(50, 51, 46), [
    [must(world.items[50]), 'CLICK'],
    [must(last), 'HIDE'],
  ]);
  const [, second] = await learned(world.ada);
  expect(second).toEqual({ history: ['item-0'], chosen: 'item-50', rejected: ['item-46', 'item-51'] });
});

test('an answer without a choice teaches nothing, nor does one whose click was undone', async () => {
  await answered(world.bob, shelf(41, 42), [[must(world.items[41]), 'IMPRESSION']]);
  const [click] = await answered(world.bob, shelf(43, 44), [[must(world.items[44]), 'CLICK']]);
  expect(await learned(world.bob)).toHaveLength(1);
  await database.stores.events.undo(world.bob.id, must(click).clientEventId, new Date());
  expect(await learned(world.bob)).toEqual([]);
});

test('people who refuse training are not learned from', async () => {
  const batches = async () => {
    const found = [];
    for await (const batch of database.stores.answers.reactions(world.catalogue.id)) found.push(...batch);
    return found.filter(({ personId }) => personId === world.ada.id).length;
  };
  expect(await batches()).toBe(2);
  const refused = { personalisation: true, trainingUse: false, recordedAt: new Date() };
  await database.stores.people.setConsent(world.ada.id, refused);
  expect(await batches()).toBe(0);
  await database.stores.people.setConsent(world.ada.id, { ...refused, trainingUse: true });
});

test('without answers, the bare log speaks: what was disliked near what was wanted', async () => {
  const person = await database.stores.people.ensure({ ...world.ada, externalId: 'log only' });
  const event = (number: number, type: 'CLICK' | 'DISLIKE', second: number) => ({
    ...{ clientEventId: ids.next(), personId: person.id, itemId: must(world.items[number]).id, type },
    ...{ value: null, requestId: null, position: null, at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)) },
  });
  await database.stores.events.appendAll([
    event(1, 'CLICK', 0),
    event(2, 'DISLIKE', 1),
    event(3, 'CLICK', 2),
  ]);
  expect(await learned(person)).toEqual([{ history: ['item-1'], chosen: 'item-3', rejected: ['item-2'] }]);
});

test('answers come in batches without loss or repeat', async () => {
  const person = await database.stores.people.ensure({ ...world.ada, externalId: 'many answers' });
  const { catalogue, items } = world;
  await database.query(
    `INSERT INTO served_request (id, person_id, catalogue_id, surface, profiled, history, entries, created_at)
     SELECT gen_random_uuid(), $1, $2, 'HOME', true, '[]', '[]', now() FROM generate_series(1, 1203)`,
    [person.id, catalogue.id],
  );
  await database.query(
    `INSERT INTO event (id, client_event_id, person_id, item_id, type, request_id, at)
     SELECT gen_random_uuid(), 'many ' || id, person_id, $2, 'CLICK', id, now() FROM served_request WHERE person_id = $1`,
    [person.id, must(items[0]).id],
  );
  const found: string[] = [];
  for await (const batch of database.stores.answers.reactions(catalogue.id))
    found.push(...batch.filter(({ personId }) => personId === person.id).map(({ requestId }) => requestId));
  expect(found).toHaveLength(1203);
  expect(new Set(found).size).toBe(1203);
});
