import { onnxCompute } from '../../infra/compute/onnx-compute.js';
import type { Values } from '../graph/compute.js';
import { Graph } from '../graph/graph.js';
import { l2Normalise } from '../graph/ops/normalising.js';
import { sizeOf } from '../graph/shape.js';
import { seededRandom } from '../random.js';
import { ACTIONS } from './actions.js';
import { catalogueScores } from './catalogue-scores.js';
import { contextsOf, type HistoryContext } from './history-context.js';
import { packSequences } from './pack-sequences.js';
import type { RankingData } from './part.js';
import type { RankerRecipe } from './recipe.js';
import { trainTrunk, type TrunkRecipe, trunkRecipeFor } from './train-trunk.js';
import { trunkScorer } from './trunk-scorer.js';
import { endStates, itemTable, type TrunkConfig, trunkStates } from './trunk.js';

const compute = onnxCompute({ threads: 1 });
const RING = 30;

const small = (recipe: TrunkRecipe): TrunkRecipe => ({
  ...recipe,
  config: { ...recipe.config, width: 32, history: 8, dropout: 0 },
  ...{ rows: 16, learningRate: 1e-2, emaDecay: 0.9, isWarm: false },
});

describe('every choice at once', () => {
  const random = seededRandom('all');
  const sequences = [3, 9, 5, 8, 2, 7].map((length) => Int32Array.from({ length }, () => random.int(RING)));
  const data: RankingData = {
    itemCount: RING,
    sequences,
    times: sequences.map((s) => Float64Array.from(s, (_, i) => 1e9 + 5000 * i ** 2)),
    actions: sequences.map((s) => Int32Array.from(s, (item) => item % ACTIONS.length)),
  };
  const choices: RankerRecipe = {
    ...{ timeBias: 'on', positionBias: 'on', actions: 'on', goals: 'on' },
    ...{ interests: 3, reasoningSteps: 2, blocks: 2 },
  };

  test.each([
    ['transformer', 'steps'],
    ['gated', 'residual'],
    ['hstu', 'steps'],
    ['hstu-pointwise', 'residual'],
    ['transformer', null],
    ['gated', null],
    ['hstu', null],
    ['hstu-pointwise', null],
  ] as const)(
    '%s, %s: alone, beside others and at all positions the states are the same',
    async (block, reasoning) => {
      const thinking = reasoning === null ? { reasoningSteps: 0 as const } : { reasoning };
      const { config } = small(trunkRecipeFor(data, { ...choices, block, ...thinking }));
      const heads = { ...config, heads: 2 };
      const weights = noisyWeights(heads);
      const scorer = trunkScorer(compute, heads, weights);
      const contexts = (contextsOf(data) ?? []).map((context) => ({ ...context, now: 1.1e9, goal: 2 }));
      const together = await scorer.score(sequences, contexts);
      for (const [s, sequence] of sequences.entries()) {
        const [alone = new Float32Array()] = await scorer.score([sequence], contexts.slice(s, s + 1));
        alone.forEach((score, item) => expect(score).toBeCloseTo(together[s]?.[item] ?? NaN, 3));
      }
      for (const [s, sequence] of sequences.slice(0, 3).entries()) {
        const everywhere = await scoresByAllStates(heads, weights, [sequence, contexts[s] ?? {}]);
        everywhere.forEach((score, item) => expect(score).toBeCloseTo(together[s]?.[item] ?? NaN, 3));
      }
      const elsewhere = await scorer.score(
        sequences,
        contexts.map((context) => ({ ...context, goal: 3 })),
      );
      const later = await scorer.score(
        sequences,
        contexts.map((context) => ({ ...context, now: 1.2e9 })),
      );
      for (const other of [elsewhere, later, await scorer.score(sequences)])
        expect(other).not.toEqual(together);
      await scorer.dispose();
    },
  );

  test('trains without a number that is none, and the same twice', async () => {
    const once = async () => {
      const recipe = small(trunkRecipeFor(data, { ...choices, block: 'hstu-pointwise' }));
      const part = await trainTrunk(data, compute, { seed: 3 }, { ...recipe, maxEpochs: 2 });
      const scores = await part.score(sequences, contextsOf(data));
      await part.dispose();
      return scores;
    };
    const scores = await once();
    expect(scores.every((row) => row.every(Number.isFinite))).toBe(true);
    expect(await once()).toEqual(scores);
  });
});

/** Weights in which nothing is 0, so that every table is felt. */
function noisyWeights(config: TrunkConfig): Values {
  const graph = new Graph();
  const states = endStates(graph, config, { rows: 1, length: config.history, most: 1 });
  catalogueScores(states, itemTable(graph, config), config);
  const random = seededRandom('weights');
  const entries = [...graph.parameters].map(([name, { tensor }]) => {
    const values = Float32Array.from({ length: sizeOf(tensor.shape) }, () => 0.3 * random.normal());
    return [name, values] as const;
  });
  return Object.fromEntries(entries);
}

/** The scores of one history from the graph that training uses, in which all positions think. */
async function scoresByAllStates(
  config: TrunkConfig,
  weights: Values,
  [history, context]: readonly [Int32Array, HistoryContext],
): Promise<Float32Array> {
  const graph = new Graph();
  const states = trunkStates(graph, config, { rows: 1, length: config.history }, false);
  graph.output('scores', catalogueScores(states, l2Normalise(itemTable(graph, config)), config));
  const [packed] = packSequences([history], { rows: 1, length: config.history }, [context]);
  const executable = await compute.compile(graph);
  const { scores } = await executable.run({ ...weights, ...packed, ...packed?.context } as unknown as Values);
  await executable.dispose();
  const from = (packed?.places[0]?.last ?? 0) * config.itemCount;
  return (scores as Float32Array).slice(from, from + config.itemCount);
}
