import { DomainError } from '../../src/domain/errors.js';
import type { ImageMaker, PictureBrief } from '../../src/flow/ports.js';
import { withApi } from '../support/api.js';
import { as, key } from '../support/drawn-works.js';
import { must } from '../support/must.js';
import { workOn } from '../support/pictures-by.js';
import { smallWorld, type SmallWorld } from '../support/small-world.js';

const asked: PictureBrief[] = [];
const OFFER = { model: 'set-1', price: 20_000 };
/** Keeps what it was asked for; a picture whose words say so is refused. */
const imageMaker: ImageMaker = {
  name: 'test',
  model: 'set-1',
  defaults: { steps: 2, guidance: 1 },
  offers: { 'text-to-image': OFFER },
  make(brief) {
    asked.push(brief);
    if (brief.words.includes('forbidden'))
      return Promise.reject(new DomainError('CONTENT_REFUSED', 'the provider refused it as unsafe'));
    const data = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * (brief.seed + 1)) % 256);
    const picture = { width: 64, height: 64, channels: 3 as const, data };
    return Promise.resolve({ picture, used: {}, by: { provider: 'test', ...OFFER } });
  },
};

const api = withApi({ imageMaker });
let world: SmallWorld;
beforeAll(async () => {
  world = await smallWorld(api.ports);
  await api.ports.stores.items.saveVectors(new Map(world.items.map(({ id }) => [id, Float32Array.of(1, 0)])));
});
beforeEach(() => asked.splice(0));

const ask = async (input: object) => {
  const wish = { ...key(), kind: 'BUNDLE', personalise: false, visibility: 'PUBLIC', ...input };
  return (await api.send('Generate', { input: wish }, as(world.ada))).data.generate;
};
const made = async (input: object) => {
  const { job } = await ask(input);
  await workOn(api.ports, job.id);
  return must((await api.send('Job', { id: job.id }, as(world.ada))).data.job);
};
interface SetAnswer {
  readonly kind: string;
  readonly recipe: { readonly prompt: string; readonly palette: string[]; readonly style: string } | null;
  readonly bundle: { readonly palette: string[]; readonly style: string; readonly items: { id: string }[] };
}
const look = async (id: string, who = world.ada) =>
  (await api.send('Item', { id }, as(who))).data.node as unknown as SetAnswer;

test('a theme gives different things in one palette and style, shown as a set from each of them', async () => {
  const job = await made({ brief: 'things to like', count: 5, style: 'flat', seed: 11 });
  const bundle = must(job.bundle);
  expect(job).toMatchObject({ status: 'SUCCEEDED', cost: { reserved: 0.1, charged: 0.1 } });
  expect([bundle.style, new Set(bundle.palette).size]).toEqual(['flat', 5]);
  expect(new Set(bundle.subjects).size).toBe(5);
  expect(asked.map(({ words }) => words)).toEqual(
    bundle.subjects.map((subject) => `${subject} ${bundle.palette.join(' ')}`),
  );
  expect(new Set(asked.map(({ seed }) => seed)).size).toBe(5);
  expect(new Set(asked.map(({ style }) => style))).toEqual(new Set(['flat']));
  const ids = job.outputs.map(({ item }) => must(item).id);
  for (const id of ids) {
    const { kind, recipe, bundle: set } = await look(id);
    expect([kind, recipe?.palette, recipe?.style]).toEqual(['BUNDLE', bundle.palette, 'flat']);
    expect(set).toMatchObject({ palette: bundle.palette, style: 'flat' });
    expect(set.items.map((item) => item.id)).toEqual(ids);
  }
  const titles = job.outputs.map(({ item }) => must(item).title);
  expect(titles.join()).not.toContain('#');
  const [hidden = '', shown = ''] = ids;
  await api.send('SetVisibility', { itemId: hidden, visibility: 'PRIVATE' }, as(world.ada));
  const his = await look(shown, world.bob);
  expect(his.bundle.items.map(({ id }) => id)).toEqual(ids.slice(1));
  expect(his.recipe).toBeNull();
});

test('things that the brief lists are drawn as they were listed; one that is refused spoils nothing and costs nothing', async () => {
  const job = await made({ brief: 'an owl, a forbidden thing, a fox and an elk #1d3557 #e63946', count: 4 });
  expect(must(job.bundle)).toMatchObject({
    palette: ['#1d3557', '#e63946'],
    subjects: ['an owl', 'a forbidden thing', 'a fox', 'an elk'],
  });
  expect(job).toMatchObject({ status: 'PARTIALLY_SUCCEEDED', cost: { reserved: 0.08, charged: 0.06 } });
  expect(job.outputs.map(({ index, item, withheld }) => [index, item === null, withheld?.code])).toEqual([
    [0, false, undefined],
    [1, true, 'CONTENT_REFUSED'],
    [2, false, undefined],
    [3, false, undefined],
  ]);
});

test('the same seed plans the same set, and an attempt that goes on draws what is missing of it', async () => {
  const wish = { brief: 'things to like', count: 4, seed: 5 };
  const { job } = await ask(wish);
  const broken = { ...api.ports.pictures, look: () => Promise.reject(new Error('the disk is full')) };
  await expect(workOn({ ...api.ports, pictures: broken }, job.id)).rejects.toThrow('disk');
  await workOn(api.ports, job.id);
  const first = must((await api.send('Job', { id: job.id }, as(world.ada))).data.job);
  const again = await made(wish);
  expect(first.status).toBe('SUCCEEDED');
  expect(again.bundle).toEqual(first.bundle);
});

test.each([
  ['count', { count: 3, brief: 'owls' }, '4 to 9 pictures were wanted for BUNDLE, 3 came'],
  ['count', { count: 10, brief: 'owls' }, '4 to 9 pictures were wanted for BUNDLE, 10 came'],
  ['count', { count: 9, brief: 'owls', kind: 'IMAGE' }, '1 to 8 pictures were wanted for IMAGE, 9 came'],
])('a wrong %s of a bundle says what was wanted', async (field, input, message) => {
  expect(await ask(input)).toMatchObject({
    ...{ __typename: 'InvalidInput', path: ['input', field] },
    message: expect.stringContaining(message) as string,
  });
});

test('a bundle costs as much as its pictures, and is no remix', async () => {
  const { data } = await api.send('EstimateGeneration', { kind: 'BUNDLE', count: 9 }, as(world.ada));
  expect(data.estimateGeneration).toMatchObject({ amount: 0.18, model: 'set-1' });
  const [item] = world.items;
  const remixOf = (
    await api.query(`{ recommendations(surface: HOME, first: 1) { edges { node { id } } } }`, as(world.ada))
  ).data as { recommendations: { edges: { node: { id: string } }[] } };
  expect(item).toBeDefined();
  const of = must(remixOf.recommendations.edges[0]).node.id;
  expect(await ask({ brief: 'owls', count: 4, remixOf: of })).toMatchObject({ path: ['input', 'remixOf'] });
});
