import { type Graph, type Tensor } from '../graph.js';
import { nth } from '../op-rule.js';
import { dropout } from '../ops/dropout.js';
import { add, cast, div, greater, maximum, mul, where } from '../ops/elementwise.js';
import { silu } from '../ops/functions.js';
import { gatherRows } from '../ops/indexing.js';
import { matmul } from '../ops/matmul.js';
import { softmax } from '../ops/normalising.js';
import { reduceSum } from '../ops/reducing.js';
import { expand, reshape, split, transpose } from '../ops/shaping.js';
import { linear } from './linear.js';

export interface AttentionOptions {
  heads: number;
  /** Added to the scores (broadcast to batch, heads, queries, keys): masks, relative position or time bias. */
  bias?: Tensor | undefined;
  dropout?: number | undefined;
  /** How scores become weights; softmax when left out. */
  weigh?: ((scores: Tensor) => Tensor) | undefined;
  /** What is done with the heads; `attend` when left out. Another keeps keys and values, or looks at kept ones. */
  attend?: Attend | undefined;
}

/** Queries, keys and values (batch, heads, length, d / heads). */
export type Heads = readonly [Tensor, Tensor, Tensor];
/** Heads -> (batch, length, d). */
export type Attend = (heads: Heads, options: AttentionOptions) => Tensor;

/** Not -Infinity: a row with nothing to see becomes uniform instead of NaN. */
const HIDDEN = -1e9;

/** x (batch, length, d) -> (batch, length, d) (Vaswani et al. 2017), queries, keys and values from one product. */
export function selfAttention(x: Tensor, name: string, options: AttentionOptions): Tensor {
  const width = nth(x.shape, 2);
  const qkv = linear(x, `${name}.qkv`, 3 * width, { bias: false });
  const [q, k, v] = split(qkv, 3).map((part) => splitHeads(part, options.heads)) as [Tensor, Tensor, Tensor];
  const y = (options.attend ?? attend)([q, k, v], options);
  return linear(y, `${name}.out`, width);
}

/** q, k, v (batch, heads, length, d / heads) -> (batch, length, d). */
export function attend([q, k, v]: Heads, options: AttentionOptions): Tensor {
  const scale = 1 / Math.sqrt(nth(q.shape, 3));
  const scores = matmul(mul(q, scale), k, { transB: true }); // (batch, heads, length, length)
  const biased = options.bias ? add(scores, options.bias) : scores;
  const weights = dropout((options.weigh ?? softmax)(biased), options.dropout ?? 0);
  return mergeHeads(matmul(weights, v));
}

/**
 * Attention for one query of each row, the token whose flat index `ends` (batch) names; `bias` (batch, 1 or heads, 1, length). Its answer
 * stands at every place of the row, for only that one is picked afterwards.
 */
export function attendAt(ends: Tensor, bias: Tensor): Attend {
  return ([q, k, v], options) => {
    const [batch, heads, length, size] = q.shape as [number, number, number, number];
    const width = heads * size;
    const asked = gatherRows(reshape(mergeHeads(q), [batch * length, width]), ends);
    const one = splitHeads(reshape(asked, [batch, 1, width]), heads);
    return expand(attend([one, k, v], { ...options, bias }), [batch, length, width]);
  };
}

/**
 * HSTU (Zhai et al. 2024, eq. 2): SiLU(score) / n over the n keys that may be seen. Weights need not sum to one, so how strongly
 * a history speaks of something is not divided away. A hidden key gets SiLU(-1e9) = 0.
 */
export function pointwiseWeights(scores: Tensor): Tensor {
  const seen = reduceSum(cast(greater(scores, HIDDEN / 2), 'f32'), { axes: [-1], keepDims: true });
  return div(silu(scores), maximum(seen, 1));
}

/** (batch, length, d) -> (batch, heads, length, d / heads). */
export function splitHeads(x: Tensor, heads: number): Tensor {
  const [batch, length, width] = [nth(x.shape, 0), nth(x.shape, 1), nth(x.shape, 2)];
  return transpose(reshape(x, [batch, length, heads, width / heads]), [0, 2, 1, 3]);
}

export function mergeHeads(x: Tensor): Tensor {
  const [batch, , length] = x.shape;
  return reshape(transpose(x, [0, 2, 1, 3]), [batch ?? 1, length ?? 1, -1]);
}

/** (length, length): 0 where a position may look (itself and before), hidden elsewhere. */
export function causalBias(graph: Graph, length: number): Tensor {
  const values = Float32Array.from({ length: length ** 2 }, (_, i) =>
    i % length > Math.floor(i / length) ? HIDDEN : 0,
  );
  return graph.constant(values, [length, length]);
}

/** mask (batch, length), true where there is a real item -> (batch, 1, 1, length) to add to scores. */
export function paddingBias(mask: Tensor): Tensor {
  const [batch, length] = mask.shape;
  return where(reshape(mask, [batch ?? 1, 1, 1, length ?? 1]), 0, HIDDEN);
}
