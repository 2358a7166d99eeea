import type { Tensor } from '../graph/graph.js';
import { weightedMean } from '../graph/ops/cross-entropy.js';
import { add, mul, sub } from '../graph/ops/elementwise.js';
import { softplus, square } from '../graph/ops/functions.js';
import { l2Normalise } from '../graph/ops/normalising.js';
import { reduceMean, reduceSum } from '../graph/ops/reducing.js';

/** Share of the plain denoising error in PreferDiff; 0.4 in its published settings for Sports and Beauty. */
const DENOISING_SHARE = 0.4;
/** Steepness γ of the preference: with cosine errors of 0.3 to 1, 8 keeps its slope alive where 1 is a straight line. */
const STEEPNESS = 8;

/** Yang et al. 2023 (DreamRec): |x_0 − x̂_0|², per row (n). */
export function squaredErrors(clean: Tensor, predicted: Tensor): Tensor {
  return reduceMean(square(sub(predicted, clean)), { axes: [1] });
}

/** 1 − cos(x_0, x̂_0), per row (n): what matters when items are then looked up by direction. */
export function cosineErrors(clean: Tensor, predicted: Tensor): Tensor {
  const cosines = reduceSum(mul(l2Normalise(clean), l2Normalise(predicted)), { axes: [1] });
  return sub(1, cosines);
}

/**
 * Liu et al. 2025 (PreferDiff), cosine variant: λ S⁺ − (1 − λ) log σ(−γ (S⁺ − S⁻)), S⁺ the error on the noised target and S⁻ on the
 * noised centroid of negatives, for the same person, time and noise: the target must be easier to restore than what was not wanted.
 */
export function preferenceLoss(errors: { wanted: Tensor; unwanted: Tensor }, weights: Tensor): Tensor {
  const { wanted, unwanted } = errors;
  const preference = softplus(mul(sub(wanted, unwanted), STEEPNESS)); // −log σ(−x) = softplus(x)
  return weightedMean(add(mul(wanted, DENOISING_SHARE), mul(preference, 1 - DENOISING_SHARE)), weights);
}
