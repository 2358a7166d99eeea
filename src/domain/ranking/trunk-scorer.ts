import type { Compute, Values } from '../graph/compute.js';
import { Graph, type Tensor } from '../graph/graph.js';
import { catalogueScores } from './catalogue-scores.js';
import type { RankingPart } from './part.js';
import { packedRunner, type RunShape } from './packed-runner.js';
import type { StartTrunk } from './train-codes.js';
import { endStates, type TrunkConfig } from './trunk.js';
import { trunkItems } from './trunk-items.js';

/** Reads histories with one set of weights and scores the catalogue. */
export interface TrunkScorer {
  /** One array (itemCount) per history: cosine / temperature; zeros for an empty history. */
  score: RankingPart['score'];
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
  const fed = withUnitItems({ config, weights });
  const { itemCount } = config;
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
    dispose: () => runner.dispose(),
  };
}

function scoringGraph(config: TrunkConfig, shape: RunShape): Graph {
  const graph = new Graph();
  graph.output('scores', trunkScores(graph, config, shape));
  return graph;
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
