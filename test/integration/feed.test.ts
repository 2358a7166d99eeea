import type { ItemId } from '../../src/domain/ids.js';
import type { Item } from '../../src/domain/item.js';
import type { Person } from '../../src/domain/person.js';
import type { Explanation, ServedRequest } from '../../src/domain/recommendation.js';
import { adjustProfile } from '../../src/flow/adjust-profile.js';
import { applyControl } from '../../src/flow/apply-control.js';
import { explainItems } from '../../src/flow/explain-items.js';
import { createRankerPool } from '../../src/flow/ranker-pool.js';
import { recommend, type RecommendInput } from '../../src/flow/recommend.js';
import { recordEvents } from '../../src/flow/record-events.js';
import { setConsent } from '../../src/flow/set-consent.js';
import { onnxCompute } from '../../src/infra/compute/onnx-compute.js';
import { systemClock } from '../../src/infra/system-clock.js';
import { uuidIds } from '../../src/infra/uuid-ids.js';
import { withDatabase } from '../support/test-database.js';
import { newItem, newPerson } from '../support/world.js';

/**
 * Two camps with a known answer: 30 people want only cats, 30 only dogs. Whoever wants one cat is shown cats, and a reason
 * may say that 30 people agree.
 */
const database = withDatabase();
const ids = uuidIds();
const KINDS = ['cats', 'dogs'] as const;
let items: ReadonlyMap<string, Item>;
let ports: Parameters<typeof recommend>[0] &
  Parameters<typeof explainItems>[0] &
  Parameters<typeof applyControl>[0];

beforeAll(async () => {
  const { stores, transaction } = database;
  const catalogue = await stores.catalogues.save({
    key: 'camps',
    name: 'Camps',
    domain: 'pets',
    language: 'en',
  });
  const names = KINDS.flatMap((kind) =>
    Array.from({ length: 12 }, (_, i) => [`${kind}-${i}`, kind] as const),
  );
  await stores.items.saveAll(
    names.map(([name, kind]) =>
      newItem(catalogue.id, name, { title: `Portrait ${name}`, topics: [kind], attributes: { kind } }),
    ),
  );
  const stored = await stores.items.byExternalIds(
    catalogue.id,
    names.map(([name]) => name),
  );
  items = new Map(stored.map((item) => [item.externalId, item]));
  for (const kind of KINDS) {
    for (let p = 0; p < 30; p++) {
      const person = await stores.people.ensure(newPerson());
      const wanted = Array.from({ length: 12 }, (_, i) => itemOf(`${kind}-${i}`).id).filter(
        (_, i) => (i + p) % 12 !== 0,
      );
      await stores.events.appendAll(
        wanted.map((itemId, i) => event(person, itemId, new Date(Date.UTC(2026, 0, 1, 0, i)))),
      );
    }
  }
  const wakeups = { wait: () => new Promise<never>(() => undefined) };
  const blobs = {
    put: () => Promise.reject(new Error('unused')),
    get: () => Promise.resolve(null),
    has: () => Promise.resolve(false),
    remove: () => Promise.resolve(),
  };
  const base = {
    stores,
    transaction,
    clock: systemClock,
    ids,
    blobs,
    wakeups,
    compute: onnxCompute(),
    log: () => undefined,
    text: { name: 'none', dimensions: 1, encode: () => Promise.reject(new Error('unused')) },
  };
  ports = { ...base, rankers: createRankerPool(base) };
});

function itemOf(name: string): Item {
  const item = items.get(name);
  if (item === undefined) throw new Error(`no item ${name}`);
  return item;
}

function event(person: Person, itemId: ItemId, at = new Date()) {
  const keys = { clientEventId: ids.next(), personId: person.id, itemId, at };
  return { ...keys, type: 'CLICK' as const, value: null, requestId: null, position: null };
}

/** A new person who clicked these items, in this order. */
async function personWho(...clicked: string[]): Promise<Person> {
  const person = await database.stores.people.ensure(newPerson());
  const start = Date.now() - 60_000;
  await database.stores.events.appendAll(
    clicked.map((name, i) => event(person, itemOf(name).id, new Date(start + i * 1000))),
  );
  return person;
}

async function feed(viewer: Person, changes: Partial<RecommendInput> = {}) {
  const fresh = (await database.stores.people.byId(viewer.id)) ?? viewer;
  const answer = await recommend(ports, {
    viewer: fresh,
    surface: 'HOME',
    catalogueId: null,
    requestId: null,
    first: 10,
    afterPosition: null,
    withoutProfiling: false,
    includeSeen: false,
    allowGenerated: true,
    topics: null,
    ...changes,
  });
  const chosen = answer.page.filter(({ explored }) => !explored);
  return { ...answer, names: chosen.map(({ itemId }) => nameOf(itemId)) };
}

function nameOf(itemId: ItemId): string {
  return [...items.values()].find(({ id }) => id === itemId)?.externalId ?? '?';
}

const kindsOf = (names: readonly string[]) => new Set(names.slice(0, 5).map((name) => name.split('-')[0]));

async function reasons(
  viewer: Person,
  request: ServedRequest,
  style: 'SHORT' | 'FULL' = 'FULL',
): Promise<Explanation[]> {
  const itemIds = request.entries.slice(0, 10).map(({ itemId }) => itemId);
  return [...(await explainItems(ports, { viewer, requestId: request.id, itemIds, style })).values()];
}

test('one click turns the next answer', async () => {
  const person = await personWho('cats-1');
  expect(kindsOf((await feed(person)).names)).toEqual(new Set(['cats']));
  for (const name of ['dogs-1', 'dogs-2', 'dogs-3'])
    await recordEvents(ports, {
      personId: person.id,
      events: [{ ...event(person, itemOf(name).id), at: null }],
    });
  expect(kindsOf((await feed(person)).names)).toEqual(new Set(['dogs']));
});

test('what was seen does not come again, unless asked for', async () => {
  const person = await personWho('cats-1', 'cats-2');
  expect((await feed(person, { first: 100 })).names).not.toContain('cats-1');
  expect((await feed(person, { first: 100, includeSeen: true })).names).toContain('cats-1');
});

test('a hidden item never returns, not even by chance', async () => {
  const person = await personWho('cats-1');
  const hide = { ...event(person, itemOf('cats-3').id), type: 'HIDE' as const };
  await recordEvents(ports, { personId: person.id, events: [hide] });
  for (let i = 0; i < 20; i++) {
    const { request } = await feed(person, { first: 100 });
    expect(request.entries.map(({ itemId }) => nameOf(itemId))).not.toContain('cats-3');
  }
});

test('scrolling reads one snapshot: no repeats, no gaps, whatever happens meanwhile', async () => {
  const person = await personWho('cats-1');
  const first = await feed(person, { first: 5 });
  await recordEvents(ports, { personId: person.id, events: [event(person, itemOf('dogs-1').id)] });
  const second = await feed(person, { first: 100, requestId: first.request.id, afterPosition: 4 });
  const seen = [...first.page, ...second.page].map(({ itemId }) => itemId);
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toEqual(first.request.entries.map(({ itemId }) => itemId));
});

test("somebody else's answer cannot be continued or explained", async () => {
  const [person, other] = [await personWho('cats-1'), await personWho()];
  const { request } = await feed(person);
  await expect(feed(other, { requestId: request.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await reasons(other, request)).toEqual([]);
});

test('every reason is grounded: it names what the person did, and how many agree', async () => {
  const person = await personWho('cats-1');
  const { request } = await feed(person);
  const explained = await reasons(person, request);
  expect(explained.length).toBeGreaterThan(5);
  for (const { text, claims, groundedShare } of explained) {
    expect(groundedShare).toBe(1);
    expect(claims.every(({ evidence }) => evidence.length > 0)).toBe(true);
    expect(claims.map(({ start, end }) => text.slice(start, end))).toEqual(claims.map((claim) => claim.text));
  }
  expect(explained.some(({ text }) => text.includes('Because you opened “Portrait cats-1”.'))).toBe(true);
  expect(
    explained.some(({ text }) => /2\d people who chose “Portrait cats-1” also chose this/.test(text)),
  ).toBe(true);
});

test('the cited cause is a cause: without it the score falls', async () => {
  const person = await personWho('dogs-5', 'cats-1', 'cats-2');
  const { request } = await feed(person);
  const contributions = (await reasons(person, request)).flatMap(({ claims }) =>
    claims.flatMap(({ contribution }) => contribution ?? []),
  );
  expect(contributions.length).toBeGreaterThan(0);
  expect(contributions.every((share) => share > 0 && share <= 1)).toBe(true);
});

test('"forget this" takes the signal away: its claim is gone and the answer changes', async () => {
  const person = await personWho('dogs-1', 'cats-1');
  const [explanation] = (await reasons(person, (await feed(person)).request)).filter(({ text }) =>
    text.includes('cats-1'),
  );
  const forget = explanation?.controls.find(({ label }) => label.includes('cats-1'));
  await applyControl(ports, {
    viewer: person,
    explanationId: explanation?.id as never,
    action: 'FORGET_SIGNAL',
    targetId: forget?.targetId ?? '',
  });
  const after = await feed(person);
  expect(kindsOf(after.names)).toEqual(new Set(['dogs']));
  expect((await reasons(person, after.request)).some(({ text }) => text.includes('cats-1'))).toBe(false);
});

test('"less like this" takes the item away at once, and "nothing about" removes a topic', async () => {
  const person = await personWho('cats-1', 'cats-2');
  const before = await feed(person, { first: 100 });
  const [first] = await reasons(person, before.request);
  const act = (action: 'LESS_LIKE_THIS' | 'HIDE_TOPIC', targetId: string) =>
    applyControl(ports, { viewer: person, explanationId: first?.id as never, action, targetId });
  await act('LESS_LIKE_THIS', first?.itemId ?? '');
  const after = await feed(person, { first: 100 });
  const name = nameOf(first?.itemId as ItemId);
  expect(before.names).toContain(name);
  expect(after.names).not.toContain(name);
  await act('HIDE_TOPIC', 'cats');
  expect((await feed(person, { first: 100 })).names.some((one) => one.startsWith('cats'))).toBe(false);
});

test('a control that the reason does not offer is refused', async () => {
  const person = await personWho('cats-1');
  const [explanation] = await reasons(person, (await feed(person)).request);
  const input = {
    viewer: person,
    explanationId: explanation?.id as never,
    action: 'HIDE_TOPIC' as const,
    targetId: 'everything',
  };
  await expect(applyControl(ports, input)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
});

test('a stated taste lifts what matches it, and the reason says so', async () => {
  const person = await personWho();
  await adjustProfile(ports, person, [{ label: 'dogs', weight: 1 }]);
  const { names, request } = await feed(person);
  expect(kindsOf(names)).toEqual(new Set(['dogs']));
  expect(
    (await reasons(person, request, 'SHORT')).some(({ text }) => text === 'You said you like dogs.'),
  ).toBe(true);
});

test('with profiling off two different people get the same answer, and no reason about them', async () => {
  const [cat, dog] = [await personWho('cats-1'), await personWho('dogs-1')];
  for (const person of [cat, dog]) await setConsent(ports, person, { personalisation: false });
  const [one, two] = [await feed(cat), await feed(dog)];
  const head = (answer: typeof one) =>
    answer.request.entries
      .filter(({ explored }) => !explored)
      .slice(0, 3)
      .map(({ itemId }) => itemId);
  expect(head(one)).toEqual(head(two));
  expect((await reasons(cat, one.request)).some(({ text }) => text.includes('you '))).toBe(false);
});

test('the same event sent twice at once counts once, and a bad one is refused with its reason', async () => {
  const person = await personWho();
  const good = event(person, itemOf('cats-1').id);
  const bad = { ...event(person, ids.next() as ItemId) };
  const both = await Promise.all(
    [0, 1].map(() => recordEvents(ports, { personId: person.id, events: [good, bad] })),
  );
  expect(both.map(({ accepted }) => accepted.length).sort()).toEqual([0, 1]);
  expect(both[0]?.rejected[0]?.error.message).toContain('an existing item was wanted');
});
