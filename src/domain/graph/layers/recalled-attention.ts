import { type Tensor } from '../graph.js';
import { nth } from '../op-rule.js';
import { dropout } from '../ops/dropout.js';
import { add, mul } from '../ops/elementwise.js';
import { matmul } from '../ops/matmul.js';
import { softmax } from '../ops/normalising.js';
import { reduceSum } from '../ops/reducing.js';
import { concat, slice } from '../ops/shaping.js';
import { type AttentionOptions, type Heads, mergeHeads } from './attention.js';

/** Keys and values (batch, heads, positions, d / heads). */
export interface KeysAndValues {
  readonly k: Tensor;
  readonly v: Tensor;
}

export interface Recall {
  /** What every query may look at, as far as the bias allows. */
  readonly past: KeysAndValues;
  /** What each query's own earlier steps left: seen by that query alone. */
  readonly own: readonly KeysAndValues[];
}

/**
 * Attention of a thought: a query looks at kept keys and at its own steps, the present one included, but never at the steps of
 * other queries. So all positions think at once in training, and one alone when serving, with the same result.
 * -> (batch, queries, d).
 */
export function attendRecalled([q, k, v]: Heads, options: AttentionOptions, { past, own }: Recall): Tensor {
  const scaled = mul(q, 1 / Math.sqrt(nth(q.shape, 3)));
  const scores = matmul(scaled, past.k, { transB: true }); // (batch, heads, queries, positions)
  const seen = options.bias ? add(scores, options.bias) : scores;
  const steps = [...own, { k, v }];
  const ownScores = steps.map((step) => reduceSum(mul(scaled, step.k), { axes: [-1], keepDims: true }));
  const weigh = options.weigh ?? softmax;
  const weights = dropout(weigh(concat([seen, ...ownScores], 3)), options.dropout ?? 0);
  const length = nth(past.k.shape, 2);
  const recalled = matmul(slice(weights, 3, 0, length), past.v);
  const thought = steps.map((step, s) => mul(slice(weights, 3, length + s, length + s + 1), step.v));
  return mergeHeads(thought.reduce((sum, one) => add(sum, one), recalled));
}
