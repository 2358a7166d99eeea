import type { Tensor } from '../../graph/graph.js';
import { weightedMean } from '../../graph/ops/cross-entropy.js';
import { add, cast, greater, minimum, mul, sub } from '../../graph/ops/elementwise.js';
import { exp, log, neg, softplus } from '../../graph/ops/functions.js';
import { reduceMax, reduceSum } from '../../graph/ops/reducing.js';
import { reshape, slice } from '../../graph/ops/shaping.js';

/** A slate has the chosen item in place 0; `present` (most, size - 1) is 1 where a rejected one follows and 0 where none does. */
export interface PreferenceTensors {
  readonly logits: Tensor; // (most, size)
  /** The same of the frozen model. */
  readonly reference: Tensor; // (most, size)
  readonly present: Tensor; // (most, size - 1)
}

/** β [(log π(c) - log π_ref(c)) - (log π(l) - log π_ref(l))]; both normalisers cancel, so logits do for log-probabilities. */
export function preferenceMargins({ logits, reference }: PreferenceTensors, beta: number): Tensor {
  const gaps = sub(logits, reference);
  const size = gaps.shape[1] as number;
  return mul(sub(slice(gaps, 1, 0, 1), slice(gaps, 1, 1, size)), beta); // (most, size - 1)
}

/**
 * DPO (Rafailov et al. 2023, eq. 7) with label smoothing (RosePO, Liao et al. 2024): -(1 - ε) log σ(margin) - ε log σ(-margin).
 * With ε > 0 the loss has its minimum at the margin log((1 - ε) / ε), so that a wrong label cannot push without end.
 */
export function pairLoss(
  tensors: PreferenceTensors,
  { beta, smoothing }: { readonly beta: number; readonly smoothing: number },
): Tensor {
  const margins = preferenceMargins(tensors, beta);
  const rows = add(mul(softplus(neg(margins)), 1 - smoothing), mul(softplus(margins), smoothing));
  return weightedMean(rows, tensors.present);
}

const NOTHING = -1e9;

/** Softmax-DPO (Chen et al. 2024): -log σ(-log Σ_l exp(-margin_l)), all rejected items of a slate against the chosen one. */
export function softmaxPreferenceLoss(tensors: PreferenceTensors, beta: number): Tensor {
  const { present } = tensors;
  const against = add(neg(preferenceMargins(tensors, beta)), mul(sub(1, present), NOTHING)); // (most, size - 1)
  const top = reduceMax(against, { axes: [1], keepDims: true });
  const sum = reduceSum(exp(sub(against, top)), { axes: [1], keepDims: true });
  const rows = softplus(reshape(add(top, log(sum)), [-1])); // (most)
  return weightedMean(rows, minimum(reduceSum(present, { axes: [1] }), 1));
}

/** Share of the rejected items that have moved behind the chosen one, against where the frozen model has them. */
export function marginAccuracy(tensors: PreferenceTensors): Tensor {
  return weightedMean(cast(greater(preferenceMargins(tensors, 1), 0), 'f32'), tensors.present);
}
