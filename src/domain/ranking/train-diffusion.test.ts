import { checkerboard, next, SIDE } from '../../../test/support/checkerboard.js';
import { onnxCompute } from '../../infra/compute/onnx-compute.js';
import { seededRandom } from '../random.js';
import type { Diffusion } from './diffusion-objective.js';
import { diffusionScorer } from './diffusion-scorer.js';
import type { RankingPart } from './part.js';
import { type DiffusionRecipe, diffusionRecipeFor, trainDiffusion } from './train-diffusion.js';
import { topItems } from './top-items.js';
import { trainTrunk, trunkRecipeFor } from './train-trunk.js';

const compute = onnxCompute({ threads: 1 });

const histories = [Int32Array.of(0, 13, 2), Int32Array.of(20, 9, 22, 11)];
const answers = histories.map((history) => next(history[history.length - 1] ?? 0));
const bestOf = async (part: Pick<RankingPart, 'score'>) => {
  const scores = await part.score(histories);
  return scores.map((row, h) => topItems(row, 1, new Set(histories[h]))[0]);
};

/** A trunk that was stopped early: what the denoiser knows better, it has learned. */
const board = checkerboard(200);
const weakTrunk = (async () => {
  const recipe = trunkRecipeFor(board);
  const config = { ...recipe.config, width: 32, history: 8, dropout: 0 };
  const quick = { config, rows: 16, learningRate: 3e-3, emaDecay: 0.5, maxEpochs: 1, isWarm: false };
  return trainTrunk(board, compute, { seed: 1 }, { ...recipe, ...quick });
})();
afterAll(async () => (await weakTrunk).dispose());

const recipeOf = (objective: Diffusion): DiffusionRecipe => ({
  ...diffusionRecipeFor({ diffusion: objective }),
  learningRate: 5e-3,
  emaDecay: 0.9,
  maxEpochs: 15,
});

test.each(['dreamrec', 'preferdiff'] as const)(
  '%s learns the rule of the board, better than the trunk below knows it',
  async (objective) => {
    const trunk = await weakTrunk;
    expect(trunk.validation).toBeLessThan(0.9);
    const part = await trainDiffusion(board, compute, { seed: 1, trunk }, recipeOf(objective));
    expect(part.validation).toBeGreaterThan(0.93);
    expect(await bestOf(part)).toEqual(answers);
    await part.dispose();
  },
);

test('diffrec learns that people keep to their colour', async () => {
  const random = seededRandom('two colours');
  const sequences = Array.from({ length: 200 }, (_, person) => {
    return Int32Array.from({ length: 8 }, () => (person % 2) * SIDE + random.int(SIDE));
  });
  const data = { itemCount: 2 * SIDE, sequences };
  const part = await trainDiffusion(data, compute, { seed: 1, maxEpochs: 2 }, recipeOf('diffrec'));
  const [black = new Float32Array(), white = new Float32Array()] = await part.score([
    Int32Array.of(1, 5),
    Int32Array.of(13, 20, 22),
  ]);
  const lowest = (scores: Float32Array, from: number) => Math.min(...scores.subarray(from, from + SIDE));
  const highest = (scores: Float32Array, from: number) => Math.max(...scores.subarray(from, from + SIDE));
  expect(lowest(black, 0)).toBeGreaterThan(highest(black, SIDE));
  expect(lowest(white, SIDE)).toBeGreaterThan(highest(white, 0));
  await part.dispose();
});

test('the same history and seed give the same scores, whoever else is asked about; another seed other ones', async () => {
  const trunk = await weakTrunk;
  const recipe = { ...recipeOf('dreamrec'), maxEpochs: 1, guidance: 2 };
  const once = () => trainDiffusion(board, compute, { seed: 1, trunk }, recipe);
  const [part, again] = [await once(), await once()];
  const together = await part.score(histories);
  expect(await again.score(histories)).toEqual(together);
  for (const [h, history] of histories.entries()) {
    const [alone = new Float32Array()] = await part.score([history]);
    alone.forEach((x, item) => expect(x).toBeCloseTo(together[h]?.[item] ?? NaN, 4));
  }
  const other = diffusionScorer(compute, { ...part.model, seed: 2 }, trunk);
  expect(await other.score(histories)).not.toEqual(together);
  await Promise.all([part.dispose(), again.dispose(), other.dispose()]);
});

test('who has done nothing gets zeros, not a guess', async () => {
  const trunk = await weakTrunk;
  const recipe = { ...recipeOf('preferdiff'), maxEpochs: 1 };
  const part = await trainDiffusion(board, compute, { seed: 1, trunk }, recipe);
  const [nothing] = await part.score([new Int32Array(0), Int32Array.of(1)]);
  expect([...(nothing ?? [])]).toEqual(Array<number>(2 * SIDE).fill(0));
  await part.dispose();
});

test('without a trunk the losses that stand on one are refused', async () => {
  const training = trainDiffusion(board, compute, { seed: 1 }, recipeOf('dreamrec'));
  await expect(training).rejects.toThrow('dreamrec stands on the trunk: parts with trunk were wanted');
});
