import { contentOf, ITEMS, twoCircles } from '../../../test/support/two-circles.js';
import { onnxCompute } from '../../infra/compute/onnx-compute.js';
import { baselineRanker } from './baseline-ranker.js';
import type { Fusion } from './fusion.js';
import { HISTORY_BUCKETS } from './history-buckets.js';
import { trainItemKnn } from './item-knn.js';
import { trainPopularity } from './popularity.js';
import { encodeRanker, type RankerModel } from './ranker-artefact.js';
import { loadRanker } from './ranker.js';
import { codeRecipeFor, trainCodes } from './train-codes.js';
import { diffusionRecipeFor, trainDiffusion } from './train-diffusion.js';
import { trainTrunk, trunkRecipeFor } from './train-trunk.js';

const compute = onnxCompute({ threads: 1 });

const data = twoCircles();
/** Answers by diffusion alone, so that what is ranked comes from it. */
const fusion: Fusion = {
  normalisation: 'z-score',
  parts: ['popularity', 'diffusion'],
  scales: [1, 1],
  weights: HISTORY_BUCKETS.map(({ upTo }) => (upTo === 0 ? [1, 0] : [0, 1])),
};

async function trained(objective: 'preferdiff' | 'diffrec'): Promise<RankerModel> {
  const recipe = trunkRecipeFor(data);
  const config = { ...recipe.config, width: 32, history: 8, dropout: 0 };
  const quick = { config, rows: 8, learningRate: 1e-2, emaDecay: 0.9, maxEpochs: 3 };
  const trunk = await trainTrunk(data, compute, { seed: 1 }, { ...recipe, ...quick });
  const codes = await trainCodes(
    data,
    compute,
    { seed: 1, maxEpochs: 1 },
    { ...codeRecipeFor(data), ...quick },
  );
  const steps = { diffusion: objective, diffusionSteps: 5, guidance: 1 } as const;
  const options = { seed: 1, trunk, maxEpochs: 2, space: codes.catalogue.space };
  const diffusion = await trainDiffusion(data, compute, options, diffusionRecipeFor(steps));
  const { ids, tokenizer, space } = codes.catalogue;
  await Promise.all([trunk.dispose(), codes.dispose(), diffusion.dispose()]);
  return {
    manifest: { snapshot: 'test', seed: 1, figures: {} },
    itemIds: Array.from({ length: ITEMS }, (_, i) => `item-${i}`),
    fusion,
    popularity: trainPopularity(data),
    itemknn: trainItemKnn(data),
    ease: null,
    trunk: { config: trunk.config, weights: trunk.weights },
    codes: { model: codes.model, ids, tokenizer, space },
    diffusion: diffusion.model,
  };
}

const preferred = trained('preferdiff');
const history = Int32Array.of(3, 4, 5);
const anything = { isAllowed: () => true, count: 6 };

test.each(['preferdiff', 'diffrec'] as const)(
  'a stored ranker with %s ranks and imagines items of the crowd, and knows new ones',
  async (objective) => {
    const ranker = await loadRanker(
      encodeRanker(objective === 'preferdiff' ? await preferred : await trained(objective)),
      compute,
    );
    const ranked = await ranker.rank(history, new Set([3, 4, 5]), ITEMS);
    expect(new Set(ranked.map(({ item }) => item)).size).toBe(ITEMS - 3);
    expect(ranked.slice(0, 3).every(({ item }) => item < 20)).toBe(true);
    const imagined = await ranker.imagine(history, anything);
    expect(imagined).toMatchObject({
      source: 'DIFFUSION',
      steps: 5,
      guidance: objective === 'diffrec' ? null : 1,
    });
    expect(imagined?.nearest).toHaveLength(6);
    expect(imagined?.nearest.slice(0, 3).every(({ item }) => item < 20)).toBe(true);
    expect(imagined?.uncertainty).toBeGreaterThan(0);
    expect(await ranker.imagine(history, anything)).toEqual(imagined);
    const grown = await ranker.addItems({ ids: ['new-a', 'new-b'], content: contentOf(2, (i) => i === 0) });
    const [scores] = await grown.scoreItems([history], Int32Array.of(ITEMS, ITEMS + 1));
    expect(scores?.[0]).toBeGreaterThan(scores?.[1] ?? Infinity);
    await Promise.all([ranker.dispose(), grown.dispose()]);
  },
);

test('never names what may not be shown, and nothing for nobody', async () => {
  const ranker = await loadRanker(encodeRanker(await preferred), compute);
  const some = await ranker.imagine(history, { isAllowed: (item) => item % 2 === 0, count: 40 });
  expect(some?.nearest.length).toBeGreaterThan(5);
  expect(some?.nearest.every(({ item }) => item % 2 === 0)).toBe(true);
  expect(await ranker.imagine(new Int32Array(0), anything)).toBeNull();
  await ranker.dispose();
});

test('without a diffusion part the trunk answers, and says so; the baseline has no answer', async () => {
  const ranker = await loadRanker(encodeRanker({ ...(await preferred), diffusion: null }), compute);
  const imagined = await ranker.imagine(history, anything);
  expect(imagined).toMatchObject({ source: 'TRUNK', uncertainty: null, steps: null, guidance: null });
  expect(imagined?.nearest[0]?.item).toBe(6);
  expect(imagined?.distance).toBeCloseTo(1 - (imagined?.nearest[0]?.similarity ?? NaN), 6);
  const baseline = await baselineRanker(
    data,
    data.sequences.map((__, i) => `item-${i}`),
  );
  expect(await baseline.imagine(history, anything)).toBeNull();
  await ranker.dispose();
});
