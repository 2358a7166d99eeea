import type { Compute, Values } from '../../graph/compute.js';
import { Graph } from '../../graph/graph.js';
import { l2Normalise } from '../../graph/ops/normalising.js';
import type { Asked } from './lesson.js';
import { packedRunner } from '../packed-runner.js';
import { endStates, type TrunkConfig } from '../trunk.js';

/** The unit state after each history: (histories, width); zeros for an empty one. */
export async function readStates(
  { compute, config }: { readonly compute: Pick<Compute, 'compile'>; readonly config: TrunkConfig },
  weights: Values,
  asked: readonly Asked[],
): Promise<Float32Array> {
  const { width } = config;
  const runner = packedRunner(compute, config.history, (shape) => {
    const graph = new Graph();
    graph.output('ended', l2Normalise(endStates(graph, config, shape)));
    return graph;
  });
  const out = new Float32Array(asked.length * width);
  try {
    await runner.run(
      asked.map(({ history }) => history),
      ({ items }) => ({ ...weights, items }),
      ({ places }, { ended }) => {
        places.forEach(({ sequence }, i) =>
          out.set((ended as Float32Array).subarray(i * width, (i + 1) * width), sequence * width),
        );
      },
      asked.map(({ context = {} }) => context),
    );
    return out;
  } finally {
    await runner.dispose();
  }
}
