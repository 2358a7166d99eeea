import type { Values } from '../graph/compute.js';
import type { FitResult } from '../graph/fit.js';

type Fitted = Pick<FitResult, 'weights' | 'score' | 'bestStep'>;

/**
 * What training made, unless the weights it started from are as good on the same held-out people: then it taught nothing that is
 * worth a change. `startScore` is theirs; null for a fresh start.
 */
export async function betterWeights(
  fitted: FitResult,
  start: { readonly weights: Values } | undefined,
  validate: (weights: Values) => Promise<number>,
): Promise<Fitted & { readonly startScore: number | null }> {
  if (start === undefined) return { ...fitted, startScore: null };
  const startScore = await validate(start.weights);
  if ((fitted.score ?? 0) > startScore) return { ...fitted, startScore };
  return { weights: start.weights, score: startScore, bestStep: 0, startScore };
}
