import { onnxCompute } from '../../infra/compute/onnx-compute.js';
import { seededRandom } from '../random.js';
import type { Diffusion } from './diffusion-model.js';
import { diffusionScorer } from './diffusion-scorer.js';
import type { RankingData, RankingPart } from './part.js';
import { type DiffusionRecipe, diffusionRecipeFor, trainDiffusion } from './train-diffusion.js';
import { trainTrunk, trunkRecipeFor } from './train-trunk.js';

const SIDE = 12;
const compute = onnxCompute({ threads: 1 });

/** After black n (0..11) comes white n + 1 (12..23), after white n black n + 1: the one right answer for every history. */
const next = (item: number) => (((item % SIDE) + 1) % SIDE) + (item < SIDE ? SIDE : 0);

function checkerboard(people: number): RankingData {
  const random = seededRandom('checkerboard');
  const sequences = Array.from({ length: people }, () => {
    const walk = [random.int(2 * SIDE)];
    while (walk.length < 8) walk.push(next(walk[walk.length - 1] ?? 0));
    return Int32Array.from(walk);
  });
  return { itemCount: 2 * SIDE, sequences };
}

const histories = [Int32Array.of(0, 13, 2), Int32Array.of(17), Int32Array.of(20, 9, 22, 11)];
const answers = histories.map((history) => next(history[history.length - 1] ?? 0));
const best = (scores: Float32Array) =>
  scores.reduce((top, x, item) => (x > (scores[top] ?? 0) ? item : top), 0);
const bestOf = async (part: Pick<RankingPart, 'score'>) => (await part.score(histories)).map(best);

/** A trunk that has hardly learned: what the tests find, the denoiser has found. */
const board = checkerboard(200);
const weakTrunk = (async () => {
  const recipe = trunkRecipeFor(board);
  const small = { ...recipe.config, width: 32, history: 8, dropout: 0 };
  const part = await trainTrunk(
    board,
    compute,
    { seed: 1 },
    { ...recipe, config: small, rows: 16, learningRate: 1e-2, emaDecay: 0.9, maxEpochs: 2, isWarm: false },
  );
  await part.dispose();
  return { config: part.config, weights: part.weights };
})();

const recipeOf = (objective: Diffusion): DiffusionRecipe => ({
  ...diffusionRecipeFor({ diffusion: objective }),
  learningRate: 3e-3,
  emaDecay: 0.9,
  maxEpochs: 12,
});

test.each(['dreamrec', 'preferdiff'] as const)('%s learns the rule of the board', async (objective) => {
  const trunk = await weakTrunk;
  const part = await trainDiffusion(board, compute, { seed: 1, trunk }, recipeOf(objective));
  
  expect(await bestOf(part)).toEqual(answers);
  await part.dispose();
});
