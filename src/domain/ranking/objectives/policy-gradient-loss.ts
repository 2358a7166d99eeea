import type { Tensor } from '../../graph/graph.js';
import { weightedMean } from '../../graph/ops/cross-entropy.js';
import { exp } from '../../graph/ops/functions.js';
import { add, mul, sub } from '../../graph/ops/elementwise.js';
import { logSoftmax } from '../../graph/ops/normalising.js';
import { reduceSum } from '../../graph/ops/reducing.js';

export interface PolicyTensors {
  readonly logits: Tensor; // (most, size)
  readonly reference: Tensor; // (most, size)
  readonly rewards: Tensor; // (most, size)
  /** 0 for places of the batch without a history. */
  readonly weights: Tensor; // (most)
}

/** All scalars: the loss, and what is reported. */
export interface PolicyTerms {
  readonly loss: Tensor;
  /** Expected reward above that of the frozen policy. */
  readonly advantage: Tensor;
  /** KL(π || π_ref), nats. */
  readonly divergence: Tensor;
}

/**
 * Policy gradient with KL penalty: maximise E_π[r - b] - λ KL(π || π_ref), π the softmax over a history's candidates, b = E_π_ref[r]
 * the baseline. The expectation is taken exactly: its gradient Σ π(i) (r(i) - b) ∇ log π(i) is the mean that REINFORCE (Williams 1992)
 * would sample, without its variance. The optimum is π ∝ π_ref exp(r / λ).
 */
export function policyGradientLoss(
  { logits, reference, rewards, weights }: PolicyTensors,
  penalty: number,
): PolicyTerms {
  const over = (x: Tensor) => reduceSum(x, { axes: [1] }); // (most, size) -> (most)
  const [logPi, logRef] = [logSoftmax(logits), logSoftmax(reference)];
  const pi = exp(logPi);
  const baseline = reduceSum(mul(exp(logRef), rewards), { axes: [1], keepDims: true }); // (most, 1)
  const advantage = weightedMean(over(mul(pi, sub(rewards, baseline))), weights);
  const divergence = weightedMean(over(mul(pi, sub(logPi, logRef))), weights);
  return { loss: add(mul(advantage, -1), mul(divergence, penalty)), advantage, divergence };
}
