import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CatalogueId, ItemId } from '../../src/domain/ids.js';
import type { Person } from '../../src/domain/person.js';
import { seededRandom } from '../../src/domain/random.js';
import type { RankerRecipe } from '../../src/domain/ranking/recipe.js';
import { promoteModel, rollBackModel, shadowModel } from '../../src/flow/move-model.js';
import { createRankerPool } from '../../src/flow/ranker-pool.js';
import { recommend } from '../../src/flow/recommend.js';
import { trainCatalogue } from '../../src/flow/train-ranker.js';
import { onnxCompute } from '../../src/infra/compute/onnx-compute.js';
import { openWakeups } from '../../src/infra/database/wakeups.js';
import { createDiskBlobs } from '../../src/infra/storage/disk-blobs.js';
import { systemClock } from '../../src/infra/system-clock.js';
import { uuidIds } from '../../src/infra/uuid-ids.js';
import { must } from '../support/must.js';
import { withDatabase } from '../support/test-database.js';
import { newItem, newPerson } from '../support/world.js';

/** 130 people who each keep to one of two kinds of 12 items: enough for a trunk, and to compare two models on new events. */
const database = withDatabase();
const ids = uuidIds();
const home = mkdtempSync(join(tmpdir(), 'vitrine-registry-'));
const closing: (() => unknown)[] = [() => rmSync(home, { recursive: true, force: true })];
const random = seededRandom('registry');
const DAY = 86_400_000;
let catalogueId: CatalogueId;
let items: ItemId[];
const people: Person[] = [];
const logged: string[] = [];

const text = {
  name: 'flat',
  dimensions: 2,
  encode: (all: readonly string[]) => Promise.resolve(all.map(() => Float32Array.of(1, 0))),
};
const log = (event: string) => void logged.push(event);
const compute = onnxCompute({ threads: 1 });
const blobs = createDiskBlobs(join(home, 'blobs'));
const ports = () => {
  const { stores, transaction } = database;
  return { stores, transaction, clock: systemClock, ids, blobs, text, compute, log };
};
const mover = (reason: string) => ({ actor: 'COMMAND', personId: null, reason }) as const;

/** A server process: its own listener, its own pool. */
async function server() {
  const wakeups = await openWakeups(database.connectionString);
  const stop = new AbortController();
  const pool = createRankerPool({ ...ports(), wakeups });
  const watching = pool.watch(stop.signal);
  closing.push(async () => {
    stop.abort();
    await watching;
    await wakeups.close();
  });
  return pool;
}

async function click(
  person: Person,
  kind: number,
  { at, many }: { at: number; many: number },
): Promise<void> {
  const seen = new Set<number>();
  while (seen.size < many) seen.add(12 * kind + random.int(12));
  await database.stores.events.appendAll(
    [...seen].map((item, i) => ({
      ...{
        clientEventId: ids.next(),
        personId: person.id,
        itemId: must(items[item]),
        type: 'CLICK' as const,
      },
      ...{ value: null, requestId: null, position: null, at: new Date(at + i * 1000) },
    })),
  );
}

const train = (recipe: RankerRecipe = {}, seed = 1) =>
  trainCatalogue(ports(), {
    ...{
      catalogueId,
      seed,
      budgetSeconds: 4,
      signal: new AbortController().signal,
      onProgress: () => undefined,
    },
    ...{ promote: true, recipe: { parts: ['itemknn', 'trunk'] as const, ...recipe } },
  });

beforeAll(async () => {
  const { stores } = database;
  ({ id: catalogueId } = await stores.catalogues.save({
    key: 'r',
    name: 'R',
    domain: 'pets',
    language: 'en',
  }));
  const names = Array.from({ length: 24 }, (_, i) => `${i < 12 ? 'cat' : 'dog'}-${i}`);
  await stores.items.saveAll(names.map((name) => newItem(catalogueId, name)));
  const stored = await stores.items.byExternalIds(catalogueId, names);
  items = names.map((name) => must(stored.find(({ externalId }) => externalId === name)).id);
  for (let p = 0; p < 130; p++) {
    people.push(await stores.people.ensure(newPerson()));
    await click(must(people[p]), p % 2, { at: Date.now() - 30 * DAY + p * 600_000, many: 6 });
  }
});
afterAll(async () => {
  for (const end of closing.reverse()) await end();
});

test('the first model goes live by itself; a second one of the same data cannot be compared, and waits', async () => {
  const first = await train();
  expect(first).toMatchObject({
    promoted: true,
    verdict: { state: 'BETTER' },
    model: { state: 'LIVE', seed: 1 },
  });
  const second = await train({}, 2);
  expect(second).toMatchObject({
    promoted: false,
    verdict: { state: 'UNKNOWN' },
    model: { state: 'CANDIDATE' },
  });
  expect(first.model.dataSnapshot).toMatch(/^[0-9a-f]{64}$/);
  expect(second.model.dataSnapshot).toBe(first.model.dataSnapshot);
  expect(first.model).toMatchObject({
    recipe: { parts: ['itemknn', 'trunk'] },
    learned: { people: 130, events: 780, items: 24 },
  });
  await promoteModel(ports(), { id: second.model.id, force: false }, mover('as good, another seed'));
  expect(await database.stores.models.live('RANKER', catalogueId)).toMatchObject({ id: second.model.id });
});

test('without anything new an incremental training says so; with it, it goes on from what is live and is measured against it', async () => {
  await expect(train({ learn: 'new' })).rejects.toMatchObject({ code: 'CONFLICT' });
  await expect(train({ learn: 'new', start: 'fresh' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  for (const [p, person] of people.entries())
    await click(person, p % 2, { at: Date.now() - 2 * DAY + p * 600_000, many: 3 });
  const live = must(await database.stores.models.live('RANKER', catalogueId));
  const { model, trained, verdict } = await train({ learn: 'new' });
  expect(trained.started).toContain('trunk');
  expect(model.learned?.startedFrom).toBe(live.id);
  expect(model.dataSnapshot).not.toBe(live.dataSnapshot);
  expect(trained.comparison?.people).toBeGreaterThanOrEqual(100);
  expect(model.metrics.find(({ name }) => name.endsWith('gainOverLiveN10'))?.slice).toBe(live.id);
  expect(verdict.state).not.toBe('UNKNOWN');
});

test('two servers under load follow a promotion and a roll-back without a failed answer', async () => {
  const servers = [await server(), await server()];
  const live = must(await database.stores.models.live('RANKER', catalogueId));
  const other = must((await database.stores.models.list({ state: 'CANDIDATE' }))[0]);
  const answered: string[][] = [[], []];
  let isOver = false;
  const load = servers.map(async (pool, s) => {
    for (let i = 0; !isOver; i++) {
      const view = await pool.view(catalogueId);
      await new Promise((resolve) => setTimeout(resolve, i % 3)); // a switch may come between view and question
      const ranked = await view.ranker.rank(Int32Array.of(i % 24), new Set(), 5);
      if (ranked.length !== 5) throw new Error(`${ranked.length} items`);
      must(answered[s]).push(must(view.model).id);
    }
  });
  const all = Promise.all(load);
  const until = async (id: string) => {
    const from = answered.map(({ length }) => length);
    const deadline = Date.now() + 8000; // the 10 s of the routine check are not what switches here
    const isThere = () => answered.every((own, s) => own.length > must(from[s]) && own.at(-1) === id);
    while (!isThere() && Date.now() < deadline)
      await Promise.race([all, new Promise((resolve) => setTimeout(resolve, 20))]);
    expect(isThere()).toBe(true);
  };
  await until(live.id);
  for (let round = 0; round < 3; round++) {
    await promoteModel(ports(), { id: other.id, force: true }, mover('load'));
    await until(other.id);
    await rollBackModel(ports(), catalogueId, mover('load'));
    await until(live.id);
  }
  isOver = true;
  await all; // rejects if any answer failed
  expect(Math.min(...answered.map(({ length }) => length))).toBeGreaterThan(20);
  expect(logged.filter((event) => event !== 'index-items')).toEqual([]);
});

test('a shadow answers the same requests unseen, and is counted beside the clicks that follow', async () => {
  const { stores } = database;
  const candidate = must((await train({}, 3)).model);
  await shadowModel(ports(), candidate.id, mover('look at it'));
  const rankers = await server();
  const viewer = must(people[0]);
  const asked = {
    viewer,
    surface: 'HOME',
    catalogueId,
    requestId: null,
    first: 10,
    afterPosition: null,
  } as const;
  const allowed = { withoutProfiling: false, includeSeen: false, allowGenerated: true, topics: null };
  const { request, model } = await recommend({ ...ports(), rankers }, { ...asked, ...allowed });
  expect(model?.id).not.toBe(candidate.id);
  const counts = async () => (await stores.shadows.counts([candidate.id])).get(candidate.id);
  for (let i = 0; i < 200 && (await counts()) === undefined; i++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  const [top] = request.entries;
  const event = {
    clientEventId: ids.next(),
    personId: viewer.id,
    itemId: must(top).itemId,
    requestId: request.id,
  };
  await stores.events.appendAll([{ ...event, type: 'CLICK', value: null, position: 0, at: new Date() }]);
  expect(await counts()).toMatchObject({ requests: 1, wanted: 1, liveHits: 1 });
  expect((await counts())?.overlap).toBeGreaterThan(0);
  const stranger = { ...event, clientEventId: ids.next(), personId: must(people[1]).id };
  const another = { ...stranger, itemId: must(request.entries[1]).itemId, type: 'CLICK' as const };
  await stores.events.appendAll([{ ...another, value: null, position: 1, at: new Date() }]);
  expect(await counts()).toMatchObject({ wanted: 1, liveHits: 1 }); // somebody else's events say nothing of this answer
});

test('a shadow that cannot be opened does not make the servers build their view again and again', async () => {
  const { stores } = database;
  const { model } = await train({}, 4);
  const gone = await stores.models.save({ ...model, state: 'CANDIDATE', artefact: 'f'.repeat(64) });
  await shadowModel(ports(), gone.id, mover('its artefact is gone'));
  let ahead = 0;
  const late = {
    ...ports(),
    wakeups: { wait: () => Promise.resolve() },
    clock: { now: () => new Date(Date.now() + ahead) },
  };
  const pool = createRankerPool(late);
  const first = await pool.view(catalogueId);
  expect(first.shadow).toBeNull();
  ahead = 11_000; // a view is trusted for ten seconds
  await pool.view(catalogueId);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(await pool.view(catalogueId)).toBe(first);
});
