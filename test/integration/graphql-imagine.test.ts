import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { imagineCommand } from '../../src/cli/imagine.js';
import { encodeRanker, type RankerModel } from '../../src/domain/ranking/ranker-artefact.js';
import { HISTORY_BUCKETS } from '../../src/domain/ranking/history-buckets.js';
import { trainItemKnn } from '../../src/domain/ranking/item-knn.js';
import { trainPopularity } from '../../src/domain/ranking/popularity.js';
import { diffusionRecipeFor, trainDiffusion } from '../../src/domain/ranking/train-diffusion.js';
import { trainTrunk, trunkRecipeFor } from '../../src/domain/ranking/train-trunk.js';
import { loadTrainingData } from '../../src/flow/load-training-data.js';
import type { Ports } from '../../src/flow/ports.js';
import { renderPictures } from '../../src/flow/render-pictures.js';
import { idSeal } from '../../src/graphql/ids.js';
import { idKey } from '../../src/server.js';
import { runJob } from '../../workers/run-job.js';
import type { Deps } from '../../src/wire.js';
import { SECRET, type TestApi, withApi } from '../support/api.js';
import { makeLive } from '../support/make-live.js';
import { must } from '../support/must.js';
import { smallWorld, type SmallWorld } from '../support/small-world.js';

/** One server answers with a trained diffusion part, the other with the baseline. */
const api = withApi();
const untrained = withApi();
const ids = idSeal(idKey(SECRET));
let world: SmallWorld;
let bareWorld: SmallWorld;

beforeAll(async () => {
  world = await smallWorld(api.ports);
  bareWorld = await smallWorld(untrained.ports);
  await api.ports.stores.items.saveVectors(
    new Map(world.items.map(({ id }) => [id, Float32Array.of(0.6, 0.8)])),
  );
  await promoteDiffusion(api.ports, world);
}, 60_000);

/** In this world everybody keeps to one of four groups of items. */
async function promoteDiffusion(ports: Ports, { catalogue }: SmallWorld): Promise<void> {
  const { data, itemIds } = await loadTrainingData(ports, catalogue.id, 1);
  const recipe = trunkRecipeFor(data);
  const config = { ...recipe.config, width: 32, history: 16, dropout: 0 };
  const quick = { config, rows: 4, learningRate: 1e-2, emaDecay: 0.9, maxEpochs: 10 };
  const trunk = await trainTrunk(data, ports.compute, { seed: 1 }, { ...recipe, ...quick });
  const wanted = diffusionRecipeFor({ diffusion: 'preferdiff', diffusionSteps: 4, guidance: 1 });
  const diffusion = await trainDiffusion(data, ports.compute, { seed: 1, trunk, maxEpochs: 2 }, wanted);
  const model: RankerModel = {
    manifest: { snapshot: 'small', seed: 1, figures: {} },
    itemIds,
    fusion: {
      ...{ normalisation: 'z-score', parts: ['popularity', 'diffusion'], scales: [1, 1] },
      weights: HISTORY_BUCKETS.map(({ upTo }) => (upTo === 0 ? [1, 0] : [0, 1])),
    },
    popularity: trainPopularity(data),
    itemknn: trainItemKnn(data),
    ...{ ease: null, codes: null, trunk: { config, weights: trunk.weights }, diffusion: diffusion.model },
  };
  await Promise.all([trunk.dispose(), diffusion.dispose()]);
  const artefact = await ports.blobs.put(encodeRanker(model));
  const saved = await ports.stores.models.save({
    ...{ catalogueId: catalogue.id, family: 'vitrine-ranker', version: 'dreaming', role: 'RANKER' },
    ...{ state: 'CANDIDATE', trainedAt: new Date(), dataSnapshot: 'small', seed: 1, card: 'A card' },
    ...{ metrics: [], artefact, recipe: {}, learned: null },
  });
  await makeLive(ports.stores.models, saved.id);
}

const as = ({ externalId }: { externalId: string }) => ({ 'x-vitrine-person': externalId });
const imagine = async (variables: object = {}, server: TestApi = api, who = world.ada) => {
  const { data, errors } = await server.send('Imagine', variables, as(who));
  expect(errors).toBeUndefined();
  return data.imagine;
};

test('imagines what this person would want next, beside the real items of their group', async () => {
  const imagined = await imagine({ first: 8 });
  expect(imagined).toMatchObject({
    ...{ __typename: 'Imagined', source: 'DIFFUSION', steps: 4, guidance: 1, model: { version: 'dreaming' } },
  });
  const nodes = imagined.nearest.map(({ node }) => must(node));
  const known = new Set(world.items.map(({ id }) => id));
  expect(nodes).toHaveLength(8);
  expect(nodes.every(({ id }) => known.has(ids.open('Item', id)))).toBe(true);
  expect(imagined.facets[0]).toMatchObject({ value: 'animals' }); // what ada keeps to
  expect(must(imagined.facets[0]).weight).toBeGreaterThan(0.6);
  const similarities = imagined.nearest.map(({ similarity }) => similarity);
  expect(similarities).toEqual([...similarities].sort((a, b) => b - a));
  expect(imagined.distance).toBeCloseTo(1 - (similarities[0] ?? NaN), 5);
  expect(imagined.percentile).toBeGreaterThanOrEqual(0);
  expect(imagined.uncertainty).toBeGreaterThan(0);
  expect(await imagine({ first: 8 })).toEqual(imagined);
});

test('another person gets another wish, and what somebody hid is not named to them', async () => {
  const before = await imagine({ first: 3 }, api, world.bob);
  const hidden = must(must(before.nearest[0]).node).id;
  expect(must(before.facets[0]).value).toBe('plants');
  const event = { clientEventId: randomUUID(), type: 'HIDE', contentId: hidden };
  await api.send('RecordEvents', { input: { events: [event] } }, as(world.bob));
  const after = await imagine({ first: 20 }, api, world.bob);
  expect(after.nearest.map(({ node }) => node?.id)).not.toContain(hidden);
});

test('the command line tells the same', async () => {
  const said: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  const options = { person: world.ada.externalId, catalogue: 'small', first: 4 };
  await imagineCommand(api as unknown as Deps, options).finally(() => write.mockRestore());
  const lines = said.join('').trim().split('\n');
  expect(lines[0]).toBe('source DIFFUSION, 4 steps, guidance 1, model dreaming');
  expect(lines.join('\n')).toContain('group animals');
  expect(lines.filter((line) => line.startsWith('  '))).toHaveLength(4);
  await expect(imagineCommand(api as unknown as Deps, { ...options, person: 'nobody' })).rejects.toThrow(
    'a known external id was wanted, "nobody" came',
  );
});

test('without a trained ranker it says what is missing', async () => {
  expect(await imagine({}, untrained, bareWorld.ada)).toMatchObject({
    ...{ __typename: 'Conflict', code: 'CONFLICT' },
    message: expect.stringContaining('train one first') as string,
  });
});

test('who did nothing, or asks for too much, is told so', async () => {
  const stranger = { externalId: `new-${randomUUID()}` };
  await api.ports.stores.people.ensure({
    ...{ externalId: stranger.externalId, displayName: 'New', kind: 'SIMULATED', about: 'new' },
    ...{
      consent: { personalisation: true, trainingUse: true, recordedAt: new Date() },
      createdAt: new Date(),
    },
  });
  const { data } = await api.send('Imagine', {}, as(stranger));
  expect(data.imagine.message).toContain('nothing yet to imagine from');
  expect(await imagine({ first: 0 })).toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('1 to 100') as string,
  });
});

test('with personalisation switched off nothing about the person is used', async () => {
  await api.send('SetConsent', { personalisation: false }, as(world.ada));
  expect(await imagine()).toMatchObject({ __typename: 'InvalidInput', code: 'FORBIDDEN' });
  await api.send('SetConsent', { personalisation: true }, as(world.ada));
});

/** Makes one picture without words and returns its recipe. */
async function pictureOf(server: TestApi, who: SmallWorld['ada']) {
  const input = { idempotencyKey: randomUUID(), personalise: true };
  const { job } = (await server.send('Generate', { input }, as(who))).data.generate;
  await runJob(
    server.ports,
    { timeoutMs: 20_000, run: renderPictures },
    { jobId: ids.open('Job', job.id), signal: new AbortController().signal },
  );
  const { data } = await server.send('Job', { id: job.id }, as(who));
  const { id } = must(must(data.job).outputs[0]?.item);
  const item = (await server.send('Item', { id }, as(who))).data.node as {
    recipe: { prompt: string; facets: string[]; nearest: { title: string }[] };
  };
  return item.recipe;
}

test('a picture without words is made from what is imagined, and its recipe says from what', async () => {
  const recipe = await pictureOf(api, world.ada);
  expect(recipe.prompt).toContain('animals');
  expect(recipe.facets).toContain('animals');
  expect(recipe.facets.at(-1)).toBe('the look of things near what you may want next');
  expect(recipe.nearest).toHaveLength(8);
});

test('without a trained ranker a picture is made from recent choices', async () => {
  const recipe = await pictureOf(untrained, bareWorld.ada);
  expect(recipe.prompt).not.toBe('');
  expect(recipe.nearest).toEqual([]);
});
