import { type Graph, type Tensor } from '../graph/graph.js';
import { add, mul } from '../graph/ops/elementwise.js';
import { nextItemLoss } from './trunk-loss.js';
import type { TrunkConfig } from './trunk.js';

/** α: how much softer each earlier state is judged. */
const SOFTENING = 1.5;

/**
 * ReaRec's progressive reasoning learning (Tang et al. 2025, section 3.3): all states look for the next item, the earlier ones at a
 * higher temperature, so that they may keep several items in mind and the last has to decide: mean over k of L(h_k; τ α^(K-k)). The
 * contrast with noisy thoughts, which the paper adds, is left out: it needs every thought twice. Of one state it is `nextItemLoss`.
 * `states`: (tokens, width) each, the answer last.
 */
export function progressiveLoss(
  graph: Graph,
  states: readonly Tensor[],
  { config, candidates }: { config: TrunkConfig; candidates: number },
): Tensor {
  const losses = states.map((state, k) => {
    const temperature = config.temperature * SOFTENING ** (states.length - 1 - k);
    return nextItemLoss(graph, state, { config: { ...config, temperature }, candidates });
  });
  return mul(
    losses.reduce((sum, loss) => add(sum, loss)),
    1 / losses.length,
  );
}
