import { polarity, EVENT_TYPES, type FeedbackEvent } from '../../src/domain/event.js';
import { withDatabase } from '../support/test-database.js';
import { world } from '../support/world.js';

const database = withDatabase();

test('an event sent twice at once is stored once', async () => {
  const { event } = await world(database);
  const results = await Promise.all(
    Array.from({ length: 20 }, () => database.stores.events.appendAll([event({ clientEventId: 'twice' })])),
  );
  expect(results.reduce((sum, { accepted }) => sum + accepted.length, 0)).toBe(1);
  expect(results.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(19);
});

test('an event that comes twice in one batch is stored once', async () => {
  const { event } = await world(database);
  const batch = [event({ clientEventId: 'same' }), event({ clientEventId: 'same' }), event({})];
  const { accepted, duplicates } = await database.stores.events.appendAll(batch);
  expect([accepted.length, duplicates]).toEqual([2, 1]);
});

test('a batch is one statement, whatever its size', async () => {
  const { event, people } = await world(database);
  const batch = Array.from({ length: 1_000 }, (_, i) =>
    event({ personId: (i % 2 === 0 ? people[0] : people[1]).id }),
  );
  const before = database.statements.length;
  await database.stores.events.appendAll(batch);
  expect(database.statements.length - before).toBe(1);
});

test('what was stored comes back as it was given, newest first, without what was undone', async () => {
  const { event, people, items } = await world(database);
  const given = event({ value: 4.5, position: 3, type: 'RATE', at: new Date('2024-03-01T10:00:00.123Z') });
  await database.stores.events.appendAll([
    given,
    event({ clientEventId: 'later', at: new Date('2024-03-02T10:00:00Z') }),
  ]);
  const undone = await database.stores.events.undo(people[0].id, 'later', new Date());
  expect(undone).toBe(true);
  const [only, ...rest] = (await database.stores.profiles.known(people[0].id, 10)).events;
  expect(rest).toEqual([]);
  expect(only).toMatchObject({ ...given, itemId: items[0].id, undoneAt: null });
  expect(await database.stores.events.undo(people[1].id, 'later', new Date())).toBe(false);
});

test('the training log is in the order of person, time and insertion, over batch borders', async () => {
  const { event, people, catalogue } = await world(database);
  const many = Array.from({ length: 20_500 }, (_, i) =>
    event({
      personId: (i % 2 === 0 ? people[0] : people[1]).id,
      at: new Date(1_700_000_000_000 + (i % 7) * 1_000),
    }),
  );
  await database.stores.events.appendAll(many);
  const batches = [];
  for await (const batch of database.stores.events.trainingLog(catalogue.id)) batches.push(batch);
  expect(batches.map((batch) => batch.length)).toEqual([20_000, 500]);
  const keys = batches.flat().map(({ personId, at }) => `${personId} ${at.toISOString()}`);
  expect([...keys].sort()).toEqual(keys);
});

test('people who refuse training are not in the training log', async () => {
  const { event, people, catalogue } = await world(database);
  await database.stores.events.appendAll([event({}), event({ personId: people[1].id })]);
  const consent = { personalisation: true, trainingUse: false, recordedAt: new Date() };
  await database.stores.people.setConsent(people[1].id, consent);
  const rows = [];
  for await (const batch of database.stores.events.trainingLog(catalogue.id)) rows.push(...batch);
  expect(rows.map(({ personId }) => personId)).toEqual([people[0].id]);
});

test('wanted counts agree with polarity for every type and value', async () => {
  const { event, people, items, catalogue } = await world(database);
  const cases = EVENT_TYPES.flatMap((type) => [null, 2, 3, 9, 10].map((value) => ({ type, value })));
  for (const [i, { type, value }] of cases.entries()) {
    const at = new Date(1_600_000_000_000 + i * 1_000);
    await database.stores.events.appendAll([event({ type, value, at, itemId: items[1].id })]);
    const next = new Date(at.getTime() + 1_000);
    const counts = await database.stores.events.wantedCounts(catalogue.id, at, next);
    expect([type, value, counts.get(items[1].id) ?? 0]).toEqual([
      type,
      value,
      polarity({ type, value }) === 1 ? 1 : 0,
    ]);
  }
  expect(people.length).toBe(2);
});

test('one person counts once however often they wanted it', async () => {
  const { event, people, items, catalogue } = await world(database);
  const wanted: Partial<FeedbackEvent>[] = [{}, {}, { personId: people[1].id }];
  await database.stores.events.appendAll(wanted.map((e) => event({ ...e, type: 'CLICK' })));
  const counts = await database.stores.events.wantedCounts(catalogue.id, new Date(0), new Date('2100-01-01'));
  expect(counts).toEqual(new Map([[items[0].id, 2]]));
});
