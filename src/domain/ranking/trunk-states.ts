import type { Compute } from '../graph/compute.js';
import { Graph } from '../graph/graph.js';
import { l2Normalise } from '../graph/ops/normalising.js';
import type { HistoryContext } from './history-context.js';
import { packedRunner, type RunShape } from './packed-runner.js';
import type { StartTrunk } from './train-codes.js';
import { endStates, type TrunkConfig } from './trunk.js';

/** Where the trunk stands after a history: the direction in which it looks for the next item. */
export interface TrunkStateReader {
  /** (histories · width): unit rows; zeros for an empty history. */
  read(histories: readonly Int32Array[], contexts?: readonly HistoryContext[]): Promise<Float32Array>;
  dispose(): Promise<void>;
}

export function trunkStateReader(
  compute: Pick<Compute, 'compile'>,
  { config, weights }: StartTrunk,
): TrunkStateReader {
  const runner = packedRunner(compute, config.history, (shape) => stateGraph(config, shape));
  const { width } = config;
  return {
    async read(histories, contexts) {
      const out = new Float32Array(histories.length * width);
      await runner.run(
        histories,
        ({ items }) => ({ ...weights, items }),
        ({ places }, { states }) => {
          places.forEach(({ sequence }, i) => {
            out.set((states as Float32Array).subarray(i * width, (i + 1) * width), sequence * width);
          });
        },
        contexts,
      );
      return out;
    },
    dispose: () => runner.dispose(),
  };
}

/** items, positions, segments, ends -> states (most, width). */
function stateGraph(config: TrunkConfig, shape: RunShape): Graph {
  const graph = new Graph();
  graph.output('states', l2Normalise(endStates(graph, config, shape)));
  return graph;
}
