import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { panelText } from '../../src/cli/codes.js';
import type { Catalogue, Item } from '../../src/domain/item.js';
import type { ModelVersion } from '../../src/domain/model-version.js';
import { seededRandom } from '../../src/domain/random.js';
import { codePanel } from '../../src/flow/code-panel.js';
import { importDataset } from '../../src/flow/import-catalogue.js';
import type { TextEncoder as Encoder } from '../../src/flow/ports.js';
import { createRankerPool } from '../../src/flow/ranker-pool.js';
import { refreshCodesJob } from '../../src/flow/refresh-codes.js';
import { trainCatalogue } from '../../src/flow/train-ranker.js';
import { idSeal } from '../../src/graphql/ids.js';
import { onnxCompute } from '../../src/infra/compute/onnx-compute.js';
import { datasetReaders } from '../../src/infra/datasets/dataset-readers.js';
import { idKey } from '../../src/server.js';
import { runJob } from '../../workers/run-job.js';
import { SECRET, withApi } from '../support/api.js';
import { makeLive } from '../support/make-live.js';
import { must } from '../support/must.js';
import { newItem, newPerson } from '../support/world.js';

/** Two camps: half of the people walk through the cats in order, half through the dogs. */
const EACH = 20;
const PEOPLE = 80;
const KINDS = ['cat', 'dog'] as const;

/** A text is the sum of its words' own directions. */
const words: Encoder = {
  name: 'words',
  dimensions: 16,
  encode: (texts) => Promise.resolve(texts.map(vectorOf)),
};

function vectorOf(text: string): Float32Array {
  const vector = new Float32Array(16);
  for (const word of text.toLowerCase().match(/\w+/g) ?? []) {
    const random = seededRandom(word);
    const weight = word === 'cat' || word === 'dog' ? 2 : 0.5;
    vector.forEach((x, c) => (vector[c] = x + weight * random.normal()));
  }
  const norm = Math.hypot(...vector);
  return vector.map((x) => x / norm);
}

const api = withApi();
const ids = idSeal(idKey(SECRET));
const clock = { ahead: 0, now: () => new Date(Date.now() + clock.ahead) };
let catalogue: Catalogue;
let items: Item[];
let live: ModelVersion;

beforeAll(async () => {
  Object.assign(api.ports, { compute: onnxCompute({ threads: 1 }), text: words, clock });
  const { stores } = api.ports;
  catalogue = await stores.catalogues.save({ key: 'camp', name: 'Camp', domain: 'pets', language: 'en' });
  const names = KINDS.flatMap((kind) => Array.from({ length: EACH }, (_, i) => [kind, i] as const));
  const described = names.map(([kind, i]) =>
    newItem(catalogue.id, `${kind}-${i}`, { title: `${kind} portrait${i}`, topics: [kind] }),
  );
  await stores.items.saveAll(described);
  const found = await stores.items.byExternalIds(
    catalogue.id,
    described.map(({ externalId }) => externalId),
  );
  items = described.map(({ externalId }) => must(found.find((item) => item.externalId === externalId)));
  for (let p = 0; p < PEOPLE; p++) await walk(p);
  const trained = await trainCatalogue(api.ports, {
    ...{ catalogueId: catalogue.id, seed: 1, budgetSeconds: 20, promote: false },
    recipe: { parts: ['popularity', 'itemknn', 'codes'] },
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  expect(trained.trained.skipped).toEqual({});
  live = await makeLive(api.ports.stores.models, trained.model.id);
}, 120_000);

async function walk(p: number): Promise<void> {
  const { stores } = api.ports;
  const person = await stores.people.ensure(newPerson());
  const base = (p % 2) * EACH;
  const events = Array.from({ length: 8 }, (_, i) => ({
    clientEventId: randomUUID(),
    personId: person.id,
    itemId: must(items[base + ((p + i) % EACH)]).id,
    type: 'CLICK' as const,
    ...{ value: null, requestId: null, position: null },
    at: new Date(Date.UTC(2026, 0, 1, p, i)),
  }));
  await stores.events.appendAll(events);
}

async function semanticId({ id }: Item): Promise<readonly number[] | null> {
  const { data, errors } = await api.send('SemanticId', { id: ids.seal('Item', id) });
  expect(errors).toBeUndefined();
  return must(data.node).semanticId;
}

async function imported(externalId: string, title: string): Promise<Item> {
  const root = mkdtempSync(join(tmpdir(), 'vitrine-codes-'));
  const path = join(root, catalogue.key); // the folder's name is the catalogue's key
  mkdirSync(path);
  writeFileSync(join(path, 'items.csv'), `id,title\n${externalId},${title}\n`);
  writeFileSync(join(path, 'events.csv'), 'id,person,item\n');
  const ports = { ...api.ports, datasets: datasetReaders };
  const run = { format: 'csv', path, signal: new AbortController().signal, onProgress: () => undefined };
  const done = await importDataset(ports, run);
  rmSync(root, { recursive: true, force: true });
  expect(done.catalogue.id).toBe(catalogue.id);
  return must((await api.ports.stores.items.byExternalIds(catalogue.id, [externalId]))[0]);
}

test('a new item of a live ranker has a code and can be ranked within seconds, without training', async () => {
  expect(await semanticId(must(items[0]))).toHaveLength(4);
  const before = await Promise.all(items.map(semanticId));
  const fresh = await imported('cat-new', 'cat portrait77');
  clock.ahead += 11_000; // a view is trusted for ten seconds
  const startedAt = performance.now();
  let code = await semanticId(fresh);
  while (code === null && performance.now() - startedAt < 40_000) {
    await sleep(50);
    code = await semanticId(fresh);
  }
  expect(code).toHaveLength(4);
  expect(before.map(String)).not.toContain(String(code));
  expect(await Promise.all(items.map(semanticId))).toEqual(before);

  const view = await createRankerPool(api.ports).view(catalogue.id);
  expect(view.model?.id).toBe(live.id);
  expect(view.cold).toContain(fresh.id); // still shown as new, beside being ranked
  const number = must(view.numberOf.get(fresh.id));
  expect(view.ranker.semanticId(number)).toEqual(code); // a second server gives it the same code
  const numbersOf = (from: number) =>
    Int32Array.from([0, 1, 2], (i) => must(view.numberOf.get(must(items[from + i]).id)));
  const [cats, dogs] = await view.ranker.scoreItems([numbersOf(0), numbersOf(EACH)], Int32Array.of(number));
  expect(must(cats)[0]).toBeGreaterThan(must(must(dogs)[0]));
  const ranked = await view.ranker.rank(numbersOf(0), new Set(numbersOf(0)), 60);
  expect(ranked.map(({ item }) => item)).toContain(number);
}, 60_000);

test('codes are refreshed by a job into a candidate, with health, change and migration map', async () => {
  for (let p = PEOPLE; p < PEOPLE + 10; p++) await walk(p);
  const input = { idempotencyKey: randomUUID(), catalogueId: ids.seal('Catalogue', catalogue.id) };
  const started = (await api.send('RefreshCodes', input)).data.startBulk;
  const jobId = ids.open('Job', started.job.id);
  await runJob(
    api.ports,
    { timeoutMs: 60_000, run: refreshCodesJob },
    { jobId, signal: new AbortController().signal },
  );
  expect(await api.ports.stores.jobs.byId(jobId)).toMatchObject({ status: 'SUCCEEDED', failure: null });
  const [candidate] = await api.ports.stores.models.list({ role: 'RANKER', state: 'CANDIDATE' });
  expect((await api.ports.stores.models.live('RANKER', catalogue.id))?.id).toBe(live.id);
  const [learned, before] = [must(must(candidate).learned), must(live.learned)];
  expect(learned.lessonsUntil).toBe(before.until); // the trunk was taught nothing since
  expect(learned.until).not.toBe(before.until);
  expect(candidate?.card).toMatch(/Codes refreshed from .*: \d+ of 40 items moved/);

  const modelId = ids.seal('ModelVersion', must(candidate).id);
  const { codeHealth } = (await api.send('CodeHealth', { modelId })).data;
  const { change, levels, ...health } = must(codeHealth);
  expect(health).toMatchObject({ tokenizer: 'residual', items: 41 });
  expect(health.examples.every(({ code }) => code.length === 4)).toBe(true);
  for (const { codes, dead, perplexity } of levels)
    expect(perplexity).toBeLessThanOrEqual(codes - dead + 1e-6);
  expect(change).toMatchObject({ since: { id: ids.seal('ModelVersion', live.id) }, shared: 40, added: 1 });
  const { movedCodes } = (await api.send('MovedCodes', { modelId, first: 100 })).data;
  expect(movedCodes.totalCount).toBe(must(change).moved);
  movedCodes.edges.forEach(({ node: { before, after } }) => expect(before).not.toEqual(after));
  const panel = must(await codePanel(api.ports, must(candidate).id));
  expect(panelText(panel)).toMatch(
    /\(residual\), 41 items\n {2}unique .*\n {2}level 0: \d+ of \d+ codes used/,
  );
}, 60_000);

test('what has no codes has no health, and what does not exist is refused', async () => {
  const { metrics, ...rest } = live;
  const bare = await api.ports.stores.models.save({ ...rest, metrics, state: 'CANDIDATE', artefact: null });
  const asked = await api.send('CodeHealth', { modelId: ids.seal('ModelVersion', bare.id) });
  expect(asked.data.codeHealth).toBeNull();
  const made = await api.send('CodeHealth', { modelId: randomUUID() });
  expect(made.errors?.[0]?.extensions.code).toBe('INVALID_INPUT');
});
