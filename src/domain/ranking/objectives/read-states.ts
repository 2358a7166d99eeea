import type { Compute, Values } from '../../graph/compute.js';
import { Graph } from '../../graph/graph.js';
import { gatherRows } from '../../graph/ops/indexing.js';
import { l2Normalise } from '../../graph/ops/normalising.js';
import { packedRunner } from '../packed-runner.js';
import { trunkStates, type TrunkConfig } from '../trunk.js';

/** The unit state after each history: (histories, width); zeros for an empty one. */
export async function readStates(
  { compute, config }: { readonly compute: Pick<Compute, 'compile'>; readonly config: TrunkConfig },
  weights: Values,
  histories: readonly Int32Array[],
): Promise<Float32Array> {
  const { width } = config;
  const runner = packedRunner(compute, config.history, (shape) => {
    const graph = new Graph();
    const states = trunkStates(graph, config, shape, false);
    graph.output('ended', l2Normalise(gatherRows(states, graph.input('ends', [shape.most], 'i64'))));
    return graph;
  });
  const out = new Float32Array(histories.length * width);
  try {
    await runner.run(
      histories,
      ({ items }) => ({ ...weights, items }),
      ({ places }, { ended }) => {
        places.forEach(({ sequence }, i) =>
          out.set((ended as Float32Array).subarray(i * width, (i + 1) * width), sequence * width),
        );
      },
    );
    return out;
  } finally {
    await runner.dispose();
  }
}
