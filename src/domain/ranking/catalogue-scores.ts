import type { Tensor } from '../graph/graph.js';
import { linear } from '../graph/layers/linear.js';
import { add, maximum, mul } from '../graph/ops/elementwise.js';
import { matmul } from '../graph/ops/matmul.js';
import { l2Normalise } from '../graph/ops/normalising.js';
import { nth } from '../graph/op-rule.js';
import type { TrunkConfig } from './trunk.js';

/**
 * states (tokens, width), items of length 1 (items, width) -> cosine / τ (tokens, items). With k interests (KuaiFormer, Liu et al.
 * 2024) a state asks with k vectors, q_m = h + h W_m + b_m, and an item's score is that of the vector nearest to it: one vector cannot
 * stand near two far places at once.
 */
export function catalogueScores(states: Tensor, units: Tensor, config: TrunkConfig): Tensor {
  return catalogueQueries(states, config)
    .map((query) => matmul(query, units, { transB: true }))
    .reduce((best, own) => maximum(best, own));
}

/** states (tokens, width) -> what each interest asks with, one (tokens, width) each: unit rows / τ. */
export function catalogueQueries(states: Tensor, { interests = 1, temperature }: TrunkConfig): Tensor[] {
  const width = nth(states.shape, 1);
  const asked =
    interests === 1
      ? [states]
      : Array.from({ length: interests }, (_, m) => add(states, linear(states, `interest${m}`, width)));
  return asked.map((query) => mul(l2Normalise(query), 1 / temperature));
}
