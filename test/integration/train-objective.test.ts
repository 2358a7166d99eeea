import { randomUUID } from 'node:crypto';
import type { RequestId } from '../../src/domain/ids.js';
import { trainCatalogue } from '../../src/flow/train-ranker.js';
import { idSeal } from '../../src/graphql/ids.js';
import { idKey } from '../../src/server.js';
import { SECRET, withApi } from '../support/api.js';
import { must } from '../support/must.js';
import { smallWorld, type SmallWorld } from '../support/small-world.js';
import { newPerson } from '../support/world.js';

const api = withApi();
let world: SmallWorld;
beforeAll(async () => {
  world = await smallWorld(api.ports);
});

test('an objective is asked for like any other choice of the recipe, and a wrong one comes back as data', async () => {
  const catalogueId = idSeal(idKey(SECRET)).seal('Catalogue', world.catalogue.id);
  const start = async (recipe: object) => {
    const variables = { idempotencyKey: randomUUID(), catalogueId, recipe };
    const person = { 'x-vitrine-person': world.ada.externalId };
    return (await api.send('StartTraining', variables, person)).data.startBulk;
  };
  expect(await start({ objective: 'dpo', tune: 'small', beta: 0.2 })).toMatchObject({
    __typename: 'BulkPayload',
    job: { status: 'QUEUED' },
  });
  expect(await start({ objective: 'ppo' })).toMatchObject({
    __typename: 'InvalidInput',
    path: ['input', 'recipe'],
  });
  expect(await start({ smoothing: 0.7 })).toMatchObject({ __typename: 'InvalidInput' });
});

/** People enough for a sequence model, each with an answer that showed two items of the group and one that was clicked. */
async function addReaders() {
  const { stores, clock } = api.ports;
  for (let p = 0; p < 24; p++) {
    const person = await stores.people.ensure(newPerson({ externalId: `reader-${p}` }));
    const item = (k: number) => must(world.items[(p % 4) + 4 * (k % 15)]).id;
    const event = { value: null, position: null, personId: person.id, type: 'CLICK' } as const;
    const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));
    const walk = Array.from({ length: 6 }, (_, k) => ({
      ...{ ...event, clientEventId: `walk-${p}-${k}`, itemId: item(p + k), requestId: null, at: at(k) },
    }));
    const id = api.ports.ids.next() as RequestId;
    const shown = [item(p + 10), item(p + 11), item(p + 3)];
    await stores.answers.saveRequest({
      ...{ id, personId: person.id, catalogueId: world.catalogue.id, surface: 'HOME', modelVersionId: null },
      ...{ profiled: true, degraded: null, createdAt: clock.now() },
      history: walk.slice(0, 3).map(({ itemId }) => ({ eventId: randomUUID(), itemId, at: at(0) })),
      entries: shown.map((itemId, position) => ({
        ...{ itemId, position, score: 1, sources: [], explored: false, propensity: 1 },
      })),
    });
    const clicked = { ...must(walk[3]), requestId: id, position: 2 };
    await stores.events.appendAll([...walk.slice(0, 3), clicked, ...walk.slice(4)]);
  }
}

test('training reads the stored preferences, tunes the trunk, and registers what that changed', async () => {
  await addReaders();
  const { model, trained } = await trainCatalogue(api.ports, {
    ...{ catalogueId: world.catalogue.id, seed: 1, budgetSeconds: 6, promote: false },
    recipe: { parts: ['trunk'], objective: 'dpo', width: 16 },
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  expect(trained.skipped).toEqual({});
  expect(trained.tuning).toMatchObject({ objective: 'dpo', preferences: 24 });
  const figure = (name: string) =>
    model.metrics.find((metric) => metric.name === `tuning.dpo.${name}`)?.value;
  expect(figure('found.preferences')).toBe(24);
  expect(figure('before.N10')).toBe(trained.tuning?.before.N10);
  expect(figure('after.gini')).toBeGreaterThan(0);
});
