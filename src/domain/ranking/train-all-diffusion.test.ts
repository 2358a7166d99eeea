import { SIDE, twoColours } from '../../../test/support/two-colours.js';
import { onnxCompute } from '../../infra/compute/onnx-compute.js';
import { serveRanker } from './ranker.js';
import { trainAll, type TrainAllOptions } from './train-all.js';

const compute = onnxCompute({ threads: 1 });
const options: TrainAllOptions = { seed: 1, budgetSeconds: 4, now: () => performance.now() };

test('a recipe with diffusion trains it on the trunk, judges it alone and in the fusion, and serves it', async () => {
  const recipe = { parts: ['trunk', 'diffusion'], diffusion: 'dreamrec', width: 32, guidance: 2 } as const;
  const { model, reports, seconds, skipped } = await trainAll(twoColours(80), compute, {
    ...options,
    recipe,
  });
  expect(skipped).toEqual({});
  expect(model.diffusion).toMatchObject({ objective: 'dreamrec', guidance: 2, steps: 5, items: null });
  expect(seconds.diffusion).toBeGreaterThan(0);
  // 7 of 20 of the colour are seen: guessing among the other 13 gives 10 / 13 = 0.77, among all 33 it gives 0.30
  expect(reports[0]?.contestants.diffusion?.R10).toBeGreaterThan(0.5);
  const itemIds = Array.from({ length: 2 * SIDE }, (_, i) => `item-${i}`);
  const manifest = { snapshot: 'test', seed: 1, figures: {} };
  const ranker = await serveRanker({ ...model, itemIds, manifest }, compute);
  expect(ranker.parts).toContain('diffusion');
  await ranker.dispose();
});

test('diffusion is off unless it is named, and says why where it cannot be trained', async () => {
  const without = await trainAll(twoColours(40), compute, { ...options, recipe: { parts: ['ease'] } });
  expect(without.model.diffusion).toBeNull();
  const recipe = { parts: ['diffusion'], diffusion: 'preferdiff' } as const;
  const { skipped } = await trainAll(twoColours(40), compute, { ...options, recipe });
  expect(skipped.diffusion).toBe('preferdiff stands on the trunk: parts with trunk were wanted');
});
