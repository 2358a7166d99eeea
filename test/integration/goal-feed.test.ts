import { encodeRanker, type RankerModel } from '../../src/domain/ranking/ranker-artefact.js';
import { HISTORY_BUCKETS } from '../../src/domain/ranking/history-buckets.js';
import { trainItemKnn } from '../../src/domain/ranking/item-knn.js';
import { trainPopularity } from '../../src/domain/ranking/popularity.js';
import { trainTrunk, trunkRecipeFor } from '../../src/domain/ranking/train-trunk.js';
import type { EventType } from '../../src/domain/event.js';
import type { Item } from '../../src/domain/item.js';
import type { Person } from '../../src/domain/person.js';
import { seededRandom } from '../../src/domain/random.js';
import { createRankerPool } from '../../src/flow/ranker-pool.js';
import { loadTrainingData } from '../../src/flow/load-training-data.js';
import { recommend } from '../../src/flow/recommend.js';
import { onnxCompute } from '../../src/infra/compute/onnx-compute.js';
import { withApi } from '../support/api.js';
import { makeLive } from '../support/make-live.js';
import { must } from '../support/must.js';
import { newItem, newPerson } from '../support/world.js';

/** A ring of 20 things: who clicks takes the next one, who makes a favourite takes the fifth from here. */
const RING = 20;
const STEP = { CLICK: 1, FAVOURITE: 5 } as const;
type Wish = keyof typeof STEP;

const api = withApi();
const compute = onnxCompute({ threads: 1 });
let items: readonly Item[];
let catalogueId: Item['catalogueId'];

const at = (place: number) => must(items[place % RING]);

beforeAll(async () => {
  const { stores } = api.ports;
  const catalogue = await stores.catalogues.save({
    key: 'ring',
    name: 'Ring',
    domain: 'art',
    language: 'en',
  });
  catalogueId = catalogue.id;
  const names = Array.from({ length: RING }, (_, i) => `thing-${i}`);
  await stores.items.saveAll(names.map((name) => newItem(catalogueId, name, { topics: [], attributes: {} })));
  const stored = await stores.items.byExternalIds(catalogueId, names);
  items = names.map((name) => must(stored.find(({ externalId }) => externalId === name)));
  const random = seededRandom('ring');
  for (let p = 0; p < 150; p++) {
    const wishes = Array.from({ length: 6 }, (): Wish => (random.next() < 0.5 ? 'CLICK' : 'FAVOURITE'));
    await personWho(random.int(RING), wishes);
  }
});

/** A new person who began somewhere, and did this; the last was done a minute ago. */
async function personWho(start: number, wishes: readonly Wish[]): Promise<{ person: Person; place: number }> {
  const { stores, ids } = api.ports;
  const person = await stores.people.ensure(newPerson({ kind: 'SIMULATED' }));
  let place = start;
  const events = wishes.map((type, i) => {
    place += STEP[type];
    const keys = { clientEventId: ids.next(), personId: person.id, itemId: at(place).id };
    const time = new Date(Date.now() - 60_000 * (wishes.length - i));
    return { ...keys, type, value: null, requestId: null, position: null, at: time };
  });
  await stores.events.appendAll(events);
  return { person, place };
}

/** A ranker of the trunk alone, trained with every choice, as an artefact in the registry. */
async function goLive(): Promise<void> {
  const { stores, blobs } = api.ports;
  const { data, itemIds } = await loadTrainingData(api.ports, catalogueId, 1);
  const choices = { actions: 'on', goals: 'on', timeBias: 'on', interests: 2, reasoningSteps: 1 } as const;
  const recipe = trunkRecipeFor(data, choices);
  const trunk = await trainTrunk(
    data,
    compute,
    { seed: 1 },
    {
      ...recipe,
      config: { ...recipe.config, width: 32, history: 8, dropout: 0 },
      ...{ rows: 16, learningRate: 1e-2, emaDecay: 0.9, maxEpochs: 14, patience: 14, isWarm: false },
    },
  );
  await trunk.dispose();
  const model: RankerModel = {
    manifest: { snapshot: 'ring', seed: 1, figures: {} },
    itemIds,
    fusion: {
      normalisation: 'z-score',
      ...{ parts: ['popularity', 'trunk'], scales: [1, 1] },
      weights: HISTORY_BUCKETS.map(({ upTo }) => (upTo === 0 ? [1, 0] : [0, 1])),
    },
    popularity: trainPopularity(data),
    itemknn: trainItemKnn(data),
    ease: null,
    trunk: { config: trunk.config, weights: trunk.weights },
    codes: null,
  };
  const { id } = await stores.models.save({
    ...{ catalogueId, family: 'ring', version: '1', role: 'RANKER', state: 'CANDIDATE' },
    ...{
      trainedAt: new Date(),
      dataSnapshot: 'ring',
      seed: 1,
      card: '',
      metrics: [],
      recipe: {},
      learned: null,
    },
    artefact: await blobs.put(encodeRanker(model)),
  });
  await makeLive(stores.models, id);
}

const wish = (goal: EventType, person: Person) =>
  api.send('FeedForGoal', { goal, first: 5 }, { 'x-vitrine-person': must(person.externalId) });

test('what nobody wishes for is refused, and a ranker without goals says that it heeds none', async () => {
  const { person } = await personWho(3, ['CLICK', 'CLICK']);
  const refused = await wish('DISLIKE', person);
  expect(refused.errors?.[0]?.extensions.code).toBe('INVALID_INPUT');
  expect(refused.errors?.[0]?.message).toMatch(/goal: one of .*FAVOURITE.* was wanted, DISLIKE came/);
  const { data } = await wish('FAVOURITE', person);
  expect(data.recommendations.degraded?.reason).toMatch(/not trained yet/);
});

test('a wish for a click and one for a favourite get different answers from the same history', async () => {
  await goLive();
  const rankers = createRankerPool({ ...api.ports, compute });
  const ask = async (viewer: Person, goal: EventType) => {
    const answer = await recommend(
      { ...api.ports, rankers },
      {
        ...{ viewer, goal, catalogueId, surface: 'HOME', requestId: null, first: 5, afterPosition: null },
        ...{ withoutProfiling: false, includeSeen: false, allowGenerated: true, topics: null },
      },
    );
    expect(answer.request.degraded).toBeNull();
    expect(answer.request.history.every(({ action }) => action !== undefined && action > 0)).toBe(true);
    return must(answer.page[0]).itemId;
  };
  for (const start of [0, 7, 13]) {
    const { person, place } = await personWho(start, ['CLICK', 'FAVOURITE', 'CLICK']);
    expect(await ask(person, 'CLICK')).toBe(at(place + STEP.CLICK).id);
    expect(await ask(person, 'FAVOURITE')).toBe(at(place + STEP.FAVOURITE).id);
  }
});
