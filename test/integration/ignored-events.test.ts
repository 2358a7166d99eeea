import { randomUUID } from 'node:crypto';
import type { Person } from '../../src/domain/person.js';
import { seededRandom } from '../../src/domain/random.js';
import { trainRanker } from '../../src/flow/train-ranker.js';
import { idSeal } from '../../src/graphql/ids.js';
import { idKey } from '../../src/server.js';
import { runJob } from '../../workers/run-job.js';
import { SECRET, withApi } from '../support/api.js';
import { must } from '../support/must.js';
import { smallWorld, type SmallWorld } from '../support/small-world.js';
import { newPerson } from '../support/world.js';

const api = withApi();
const ids = idSeal(idKey(SECRET));
const random = seededRandom('spoilt');
const DAY_MS = 86_400_000;
/** What the people of the small world did. */
const EVENTS = 24 * 8;
/** Fewer come to one item in a minute in any audience of this size. */
const ONE_MINUTE = 20;

let world: SmallWorld;
beforeAll(async () => {
  world = await smallWorld(api.ports);
});

interface Click {
  readonly person: Person;
  readonly item: number;
  readonly at: number;
}

const store = (clicks: readonly Click[]) =>
  api.ports.stores.events.appendAll(
    clicks.map(({ person, item, at }) => ({
      ...{ clientEventId: randomUUID(), personId: person.id, itemId: must(world.items[item]).id },
      ...{ type: 'CLICK', value: null, requestId: null, position: null, at: new Date(at) },
    })),
  );

async function strangers(name: string, count: number): Promise<Person[]> {
  const people: Person[] = [];
  for (let i = 0; i < count; i++)
    people.push(await api.ports.stores.people.ensure(newPerson({ externalId: `${name}-${i}` })));
  return people;
}

/** Trains by the API and its worker's step, and asks the API what came of it. */
async function trained() {
  const catalogueId = ids.seal('Catalogue', world.catalogue.id);
  const recipe = { parts: ['popularity', 'itemknn', 'ease'] };
  const ada = { 'x-vitrine-person': world.ada.externalId };
  const input = { idempotencyKey: randomUUID(), catalogueId, recipe };
  const { job } = (await api.send('StartTraining', input, ada)).data.startBulk;
  await runJob(
    api.ports,
    { timeoutMs: 60_000, run: trainRanker },
    { jobId: ids.open('Job', job.id), signal: new AbortController().signal },
  );
  const { data } = await api.send('BulkJob', { id: job.id }, ada);
  const { model } = data.bulkJob as {
    model: { card: string; metrics: { name: string; value: number; n: number }[] };
  };
  const figure = (name: string) => must(model.metrics.find((metric) => metric.name === name));
  const ignored = Object.fromEntries(
    ['duplicates', 'repeats', 'future', 'personBursts', 'itemBursts'].map((reason) => [
      reason,
      figure(`ignored.${reason}`).value,
    ]),
  );
  return {
    ...{ ignored, card: model.card },
    learned: figure('ignored.duplicates').n,
    recall: figure('A1.fusion.R10').value,
  };
}

const NOTHING = { duplicates: 0, repeats: 0, future: 0, personBursts: 0, itemBursts: 0 };
let clean: Awaited<ReturnType<typeof trained>>;

test('a clean log loses nothing, and the report says so', async () => {
  clean = await trained();
  expect(clean.ignored).toEqual(NOTHING);
  expect(clean.learned).toBe(EVENTS);
  expect(clean.card).not.toContain('gnored');
}, 90_000);

/** 10,000 clicks of 100 robots on one item, all within half a minute. */
async function flood(): Promise<void> {
  const robots = await strangers('robot', 100);
  const minute = Math.floor(Date.now() / 60_000) * 60_000 - 20 * DAY_MS;
  const clicks = robots.flatMap((person, r) =>
    Array.from({ length: 100 }, (_, k) => ({ person, item: 59, at: minute + 300 * k + r })),
  );
  await store(clicks);
}

/** What cannot be told from a taste stays: 1 % of people with profiles that push one item, 5 % of the events at random. */
async function noise(): Promise<number> {
  const shills = await strangers('shill', 1);
  const profile = Array.from({ length: 8 }, (_, k) => ({ item: k === 0 ? 58 : 4 * k + 1, k }));
  const pushed = shills.flatMap((person) =>
    profile.map(({ item, k }) => ({ person, item, at: Date.now() - 15 * DAY_MS + k * 3_607_300 })),
  );
  const others = Array.from({ length: Math.round(0.05 * EVENTS) }, (_, i) => ({
    person: i % 2 === 0 ? world.ada : world.bob,
    item: (i % 2) + 1 + 4 * i, // ada likes the items 4 n, bob 4 n + 1: nothing that they had before
    at: Date.now() - 9 * DAY_MS - (i + 1) * 3_601_700 - random.int(1000),
  }));
  await store([...pushed, ...others]);
  return pushed.length + others.length;
}

test('what was sent twice, lies in the future or came in a flood is counted in the report of the job; noise is learned', async () => {
  await store(await clicksOf(world.ada)); // other client event ids, the same moments
  await store([3, 7, 11].map((item) => ({ person: world.bob, item, at: Date.now() + DAY_MS })));
  const learnable = await noise();
  await flood();
  const spoilt = await trained();
  expect(spoilt.ignored).toEqual({
    ...{ duplicates: 8, future: 3, personBursts: 0 },
    ...{ repeats: 100 * 99, itemBursts: 100 - ONE_MINUTE },
  });
  expect(spoilt.learned).toBe(EVENTS + learnable + ONE_MINUTE);
  expect(spoilt.card).toContain(
    'Ignored events: 8 sent twice, 9900 of things had before, 3 from the future, 80 of a rush on one item within a minute.',
  );
  expect(spoilt.recall).toBeGreaterThan(clean.recall - 0.15);
}, 90_000);

async function clicksOf(person: Person): Promise<Click[]> {
  const clicks: Click[] = [];
  for await (const rows of api.ports.stores.events.trainingLog(world.catalogue.id)) {
    for (const { personId, itemId, at } of rows) {
      if (personId !== person.id) continue;
      clicks.push({ person, item: world.items.findIndex(({ id }) => id === itemId), at: at.getTime() });
    }
  }
  return clicks;
}
