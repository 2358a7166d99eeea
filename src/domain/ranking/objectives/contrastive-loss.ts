import type { Tensor } from '../../graph/graph.js';
import { softmaxCrossEntropy } from '../../graph/ops/cross-entropy.js';
import { add, mul } from '../../graph/ops/elementwise.js';
import { matmul } from '../../graph/ops/matmul.js';
import { l2Normalise } from '../../graph/ops/normalising.js';
import { transpose } from '../../graph/ops/shaping.js';

export interface ViewTensors {
  readonly a: Tensor; // (most, width)
  readonly b: Tensor; // (most, width)
  /** 0 or -1e9 added to the similarity of each pair: -1e9 where b's row is no fair opposite of a's. */
  readonly opposites: Tensor; // (most, most)
  readonly weights: Tensor; // (most)
}

/**
 * InfoNCE in both directions (van den Oord et al. 2018; CL4SRec, Xie et al. 2022): row i of `a` should find row i of `b` among
 * all rows of the batch, and the other way round. Cosine / τ.
 */
export function contrastiveLoss({ a, b, opposites, weights }: ViewTensors, temperature: number): Tensor {
  const similarity = mul(matmul(l2Normalise(a), l2Normalise(b), { transB: true }), 1 / temperature);
  const logits = add(similarity, opposites); // (most, most)
  const most = a.shape[0] as number;
  const own = a.graph.constant(Int32Array.from({ length: most }, (_, i) => i));
  const back = add(transpose(similarity), opposites);
  return mul(add(softmaxCrossEntropy(logits, own, weights), softmaxCrossEntropy(back, own, weights)), 0.5);
}
