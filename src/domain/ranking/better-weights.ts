import type { Values } from '../graph/compute.js';
import type { FitResult } from '../graph/fit.js';

/** Weights that training started from, and their score on the held-out people. */
export interface StartScore {
  readonly weights: Values;
  readonly score: number;
}

/** What training made, unless the weights it started from were as good: then it taught nothing that is worth a change. */
export function betterWeights(
  fitted: FitResult,
  start: StartScore,
): Pick<FitResult, 'weights' | 'score' | 'bestStep'> {
  if ((fitted.score ?? 0) > start.score) return fitted;
  return { ...start, bestStep: 0 };
}
