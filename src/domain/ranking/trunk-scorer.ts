import type { Compute, Values } from '../graph/compute.js';
import { Graph, type Tensor, type TensorData } from '../graph/graph.js';
import { catalogueQueries, catalogueScores } from './catalogue-scores.js';
import type { HistoryContext } from './history-context.js';
import type { RankingPart } from './part.js';
import { packedRunner, type RunShape } from './packed-runner.js';
import type { StartTrunk } from './train-codes.js';
import { endStates, type TrunkConfig } from './trunk.js';
import { trunkItems } from './trunk-items.js';

/** Reads histories with one set of weights and scores the catalogue. */
export interface TrunkScorer {
  /** One array (itemCount) per history: cosine / temperature; zeros for an empty history. */
  score: RankingPart['score'];
  /** The same of a few items, (histories) x (items), without the product with all others. */
  scoreChosen(
    histories: readonly Int32Array[],
    items: Int32Array,
    contexts?: readonly HistoryContext[],
  ): Promise<Float32Array[]>;
  dispose(): Promise<void>;
}

const UNIT_ITEMS = 'unitItems';

/** Scores with fixed weights; graphs are compiled as they are needed. */
export function trunkScorer(
  compute: Pick<Compute, 'compile'>,
  config: TrunkConfig,
  weights: Values,
): TrunkScorer {
  const runner = packedRunner(compute, config.history, (shape) => scoringGraph(config, shape));
  const asker = packedRunner(compute, config.history, (shape) => queriesGraph(config, shape));
  const fed = withUnitItems({ config, weights });
  const { itemCount, width } = config;
  return {
    async score(histories, contexts, into) {
      const out = histories.map((_, h) => into?.[h]?.fill(0) ?? new Float32Array(itemCount));
      await runner.run(
        histories,
        (packed) => ({ ...fed, items: packed.items }),
        ({ places }, { scores }) => {
          places.forEach(({ sequence }, i) => {
            out[sequence]?.set((scores as Float32Array).subarray(i * itemCount, (i + 1) * itemCount));
          });
        },
        contexts,
      );
      return out;
    },
    async scoreChosen(histories, items, contexts) {
      const out: Float32Array[] = histories.map(() => new Float32Array(items.length));
      const units = fed[UNIT_ITEMS] as Float32Array;
      await asker.run(
        histories,
        (packed) => ({ ...weights, items: packed.items }),
        ({ places }, queries) => {
          places.forEach(({ sequence }, i) => {
            const asked = Object.values(queries).map((all) => all.subarray(i * width, (i + 1) * width));
            out[sequence] = Float32Array.from(items, (item) => nearest(asked, units, item * width));
          });
        },
        contexts,
      );
      return out;
    },
    async dispose() {
      await Promise.all([runner.dispose(), asker.dispose()]);
    },
  };
}

function scoringGraph(config: TrunkConfig, shape: RunShape): Graph {
  const graph = new Graph();
  graph.output('scores', trunkScores(graph, config, shape));
  return graph;
}

/** The same inputs -> what each interest asks with (most, width). */
function queriesGraph(config: TrunkConfig, shape: RunShape): Graph {
  const graph = new Graph();
  catalogueQueries(endStates(graph, config, shape), config).forEach((query, m) => {
    graph.output(`query${m}`, query);
  });
  return graph;
}

/** The largest inner product of a query with the row that begins at `from`. */
function nearest(queries: readonly TensorData[], rows: Float32Array, from: number): number {
  let best = -Infinity;
  for (const query of queries) {
    let sum = 0;
    for (let c = 0; c < query.length; c++) sum += (query[c] as number) * (rows[from + c] as number);
    best = Math.max(best, sum);
  }
  return best;
}

/** items, positions, segments, ends -> scores (most, itemCount), with the weights that `withUnitItems` gives. */
export function trunkScores(graph: Graph, config: TrunkConfig, shape: RunShape): Tensor {
  const states = endStates(graph, config, shape); // (most, width)
  const units = graph.parameter(UNIT_ITEMS, [config.itemCount, config.width], { kind: 'zeros' });
  return catalogueScores(states, units, config);
}

/** The weights, and beside them the items at length 1. */
export function withUnitItems(trunk: StartTrunk): Values {
  return { ...trunk.weights, [UNIT_ITEMS]: trunkItems(trunk).rows };
}
