import { onnxCompute } from '../../infra/compute/onnx-compute.js';
import { seededRandom } from '../random.js';
import { beginTraining } from './begin-training.js';
import type { RankerModel } from './ranker-artefact.js';
import { trainTrunk, trunkRecipeFor } from './train-trunk.js';

/** Everybody steps from one item of the ring to the next; later, ten more items belong to it. */
const ring = (items: number, people: number) => {
  const random = seededRandom(`ring ${items}`);
  const sequences = Array.from({ length: people }, () => {
    const start = random.int(items);
    return Int32Array.from({ length: 6 }, (_, i) => (start + i) % items);
  });
  return { itemCount: items, sequences };
};
const compute = onnxCompute({ threads: 1 });
const small = ring(30, 150);
let model: RankerModel;

beforeAll(async () => {
  const recipe = { ...trunkRecipeFor(small), rows: 8 };
  const trunk = await trainTrunk(small, compute, { seed: 1, maxEpochs: 3 }, recipe);
  const itemIds = Array.from({ length: 30 }, (_, i) => `${i}`);
  model = {
    itemIds,
    trunk: { config: trunk.config, weights: trunk.weights },
    codes: null,
  } as unknown as RankerModel;
  await trunk.dispose();
});
const times = (count: number) => Array.from({ length: count }, () => Float64Array.of(1, 2, 3, 4, 5, 6));
const begin = (data: typeof small, recipe = {}, since: number | null = null) =>
  beginTraining(
    data,
    { start: { model, since }, recipe, times: times(data.sequences.length) },
    seededRandom('begin'),
  );

test('the same items take all weights over, and everything is learned', () => {
  const { trunk, codes } = begin(small);
  expect(trunk.start?.weights).toBe(model.trunk?.weights);
  expect(trunk.lessons).toBe(small);
  expect(codes.start).toBeNull();
});

test('new items get rows lent from those they resemble, of about the same length; known rows stay', () => {
  const grown = ring(40, 200);
  const table = begin(grown).trunk.start?.weights['items.weight'] as Float32Array;
  const known = model.trunk?.weights['items.weight'] as Float32Array;
  const width = known.length / 30;
  expect(table.length).toBe(40 * width);
  expect(table.subarray(0, known.length)).toEqual(known);
  const norm = (row: number) => Math.hypot(...table.subarray(row * width, (row + 1) * width));
  for (let item = 30; item < 40; item++) expect(norm(item)).toBeGreaterThan(0.1 * norm(0));
});

test('another shape than the rule asks for is trained afresh on everything, also in an incremental training', () => {
  const { trunk } = begin(small, { width: 32 }, 3);
  expect(trunk.start).toBeNull();
  expect(trunk.lessons).toBe(small);
});

test('an incremental training reads less, and starts at half the rate', () => {
  const { trunk } = begin(small, {}, 100);
  expect(trunk.lessons.sequences).toHaveLength(0);
  expect(begin(small, {}, 3).trunk.recipe.learningRate).toBeLessThan(trunkRecipeFor(small).learningRate);
});

test('where all that is new is held out, the trunk stays as it was', async () => {
  const { trunk } = begin(small, {}, 100);
  const validation = small.sequences.map((s) => ({ history: s.subarray(0, 5), target: s[5] ?? 0 }));
  const options = { seed: 1, validation, ...(trunk.start && { start: trunk.start }) };
  const part = await trainTrunk(trunk.lessons, compute, options, trunk.recipe);
  expect(part.weights['items.weight']).toEqual(model.trunk?.weights['items.weight']);
  expect(part.epochs).toBe(0);
  await part.dispose();
});
