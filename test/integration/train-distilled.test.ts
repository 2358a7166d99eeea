import { randomUUID } from 'node:crypto';
import { loadRanker } from '../../src/domain/ranking/ranker.js';
import { trainCatalogue } from '../../src/flow/train-ranker.js';
import { idSeal } from '../../src/graphql/ids.js';
import { idKey } from '../../src/server.js';
import { SECRET, withApi } from '../support/api.js';
import { must } from '../support/must.js';
import { smallWorld, type SmallWorld } from '../support/small-world.js';
import { newPerson } from '../support/world.js';

const READERS = 40;
const api = withApi();
let world: SmallWorld;
beforeAll(async () => {
  world = await smallWorld(api.ports);
});

test('drafts and distillation are asked for like any other choice, and what does not fit comes back as data', async () => {
  const catalogueId = idSeal(idKey(SECRET)).seal('Catalogue', world.catalogue.id);
  const start = async (recipe: object) => {
    const variables = { idempotencyKey: randomUUID(), catalogueId, recipe };
    const person = { 'x-vitrine-person': world.ada.externalId };
    return (await api.send('StartTraining', variables, person)).data.startBulk;
  };
  expect(await start({ decoding: 'draft', distil: 'on' })).toMatchObject({
    __typename: 'BulkPayload',
    job: { status: 'QUEUED' },
  });
  const wrong = { __typename: 'InvalidInput', path: ['input', 'recipe'] };
  expect(await start({ decoding: 'guess' })).toMatchObject(wrong);
  expect(await start({ distil: 'twice' })).toMatchObject(wrong);
});

/** People enough for codes, each walking through every fourth item. */
async function addReaders(): Promise<void> {
  const { stores } = api.ports;
  for (let p = 0; p < READERS; p++) {
    const person = await stores.people.ensure(newPerson({ externalId: `reader-${p}` }));
    const walk = Array.from({ length: 6 }, (_, k) => ({
      ...{ value: null, position: null, requestId: null, personId: person.id, type: 'CLICK' as const },
      clientEventId: `walk-${p}-${k}`,
      itemId: must(world.items[(p % 4) + 4 * ((p + k) % 15)]).id,
      at: new Date(Date.UTC(2026, 0, 1, 0, k)),
    }));
    await stores.events.appendAll(walk);
  }
}

test('training registers teacher and student side by side, and the stored ranker drafts', async () => {
  await addReaders();
  const { model, trained } = await trainCatalogue(api.ports, {
    ...{ catalogueId: world.catalogue.id, seed: 1, budgetSeconds: 8, promote: false },
    recipe: { parts: ['codes'], distil: 'on', decoding: 'draft', width: 32 },
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  expect(trained.skipped).toEqual({});
  const { teacher, student, gain, serves } = must(trained.distillation);
  const stored = Object.fromEntries(model.metrics.map((own) => [own.name, own]));
  expect(stored).toMatchObject({
    'distil.teacher.N10': { value: teacher },
    'distil.student.N10': { value: student },
    'distil.gainN10': { value: gain.mean, low: gain.low, high: gain.high },
    'distil.serves': { value: serves ? 1 : 0 },
  });
  const bytes = must(await api.ports.blobs.get(must(model.artefact)));
  const ranker = await loadRanker(bytes, api.ports.compute);
  expect(ranker.manifest.recipe).toMatchObject({ decoding: 'draft', distil: 'on' });
  const found = await ranker.generate?.({ history: Int32Array.of(1, 2), context: {} }, new Set([3]), 10);
  expect(found).toHaveLength(10);
  expect(found?.map(({ item }) => item)).not.toContain(3);
  await ranker.dispose();
}, 240_000);
