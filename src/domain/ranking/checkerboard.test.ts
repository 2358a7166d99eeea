import { checkerboard, next } from '../../../test/support/checkerboard.js';
import { onnxCompute } from '../../infra/compute/onnx-compute.js';
import { type CodeRecipe, codeRecipeFor, trainCodes } from './train-codes.js';
import { trainTrunk, type TrunkRecipe, trunkRecipeFor } from './train-trunk.js';
import type { RankingPart } from './part.js';

/** One head of 16 dimensions and few tokens a step: the world is small, and the test takes seconds. */
const small = <R extends TrunkRecipe | CodeRecipe>(recipe: R): R => ({
  ...recipe,
  config: { ...recipe.config, width: 32, history: 8, dropout: 0 },
  rows: 16,
  learningRate: 1e-2,
  emaDecay: 0.9,
  maxEpochs: 12,
  isWarm: false, // who met whom does not tell before from after, which is all there is to learn here
});

const histories = [
  Int32Array.of(0, 13, 2),
  Int32Array.of(17),
  Int32Array.of(20, 9, 22, 11),
  Int32Array.of(11, 12),
];

async function bestOf(part: RankingPart): Promise<number[]> {
  const scores = await part.score(histories);
  return scores.map((row) => row.reduce((best, x, item) => (x > (row[best] ?? 0) ? item : best), 0));
}

const answers = histories.map((history) => next(history[history.length - 1] ?? 0));
const compute = onnxCompute({ threads: 1 });

test('the trunk learns the rule of the board', async () => {
  const data = checkerboard(200);
  const part = await trainTrunk(data, compute, { seed: 1 }, small(trunkRecipeFor(data)));
  expect(await bestOf(part)).toEqual(answers);
  expect(part.validation).toBeGreaterThan(0.95);
  await part.dispose();
});

test('the sampled softmax learns it too', async () => {
  const data = checkerboard(200);
  const recipe = { ...small(trunkRecipeFor(data)), rows: 2, candidates: 20, learningRate: 3e-3 };
  const part = await trainTrunk(data, compute, { seed: 1 }, recipe);
  expect(await bestOf(part)).toEqual(answers);
  await part.dispose();
});

test('codes learn it, their beam agrees with exact scoring, and their probabilities sum to one', async () => {
  const data = checkerboard(200);
  const part = await trainCodes(data, compute, { seed: 1 }, small(codeRecipeFor(data)));
  expect(await bestOf(part)).toEqual(answers);
  const [exact = new Float32Array()] = await part.score(histories.slice(0, 1));
  expect(exact.reduce((sum, x) => sum + Math.exp(x), 0)).toBeCloseTo(1, 3);
  const [found = []] = await part.search(histories.slice(0, 1), data.itemCount);
  expect(found.length).toBe(data.itemCount);
  found.forEach(({ item, logProb }) => expect(logProb).toBeCloseTo(exact[item] ?? NaN, 3));
  await part.dispose();
});

test('a run with the same seed gives the same scores', async () => {
  const data = checkerboard(60);
  const once = async () => {
    const recipe = { ...small(trunkRecipeFor(data)), maxEpochs: 2 };
    const part = await trainTrunk(data, compute, { seed: 5 }, recipe);
    const scores = await part.score(histories);
    await part.dispose();
    return scores;
  };
  expect(await once()).toEqual(await once());
});

test('a caller who stops gets no model', async () => {
  const controller = new AbortController();
  controller.abort();
  const training = trainTrunk(checkerboard(20), compute, { seed: 1, signal: controller.signal });
  await expect(training).rejects.toThrow(/asked to stop/);
});
