import type { CodeChoices } from './code-choices.js';

/** Scores of choices (see `CodeChoices`), up to a constant per level. */
export interface ChoiceScores {
  readonly logits: Float32Array; // (choices)
  /** exp(logits): made where it is vectorised, since the exponentials of 15,000 choices take longer here than the sums of them. */
  readonly exps: Float32Array; // (choices)
}

/** Arrays to write to, so that many people in a row do not each take fresh memory. */
export interface ExactRoom {
  readonly logProbs: Float32Array; // (choices + 2)
  readonly scores: Float32Array; // (itemCount)
}

export function exactRoom({ count, ofItem }: CodeChoices): ExactRoom {
  return { logProbs: new Float32Array(count + 2), scores: new Float32Array(ofItem.length) };
}

/**
 * log p(item) = Σ_l log p(digit_l | digits before it) for the whole catalogue: one softmax per group of siblings. The oracle for beam
 * search, and faster than it for small catalogues (see decoding-rule.ts).
 */
export function exactLogProbs(
  choices: CodeChoices,
  { logits, exps }: ChoiceScores,
  { logProbs, scores } = exactRoom(choices),
): Float32Array {
  const { start, above, count, ofItem } = choices;
  logProbs[0] = 0; // the root's; all choices follow, and what the tree leaves out
  logProbs[count + 1] = -Infinity;
  for (let group = 0; group < above.length; group++) {
    const [from, to] = [start[group] as number, start[group + 1] as number];
    const shift = (logProbs[above[group] as number] as number) - logTotal(logits, exps, from, to);
    for (let choice = from; choice < to; choice++) logProbs[choice + 1] = (logits[choice] as number) + shift;
  }
  for (let item = 0; item < scores.length; item++) scores[item] = logProbs[ofItem[item] as number] as number;
  return scores;
}

/** Below this a sum of float32 exponentials has lost digits: all its members are then far below the best of the whole row. */
export const LEAST_TOTAL = 1e-20;

export function logTotal(logits: Float32Array, exps: Float32Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += exps[i] as number;
  return sum > LEAST_TOTAL && Number.isFinite(sum) ? Math.log(sum) : logSumExp(logits, from, to);
}

/** log Σ e^x over x[from .. to), without overflow. */
export function logSumExp(x: Float32Array, from: number, to: number): number {
  if (to - from === 1) return x[from] as number;
  let max = -Infinity;
  for (let i = from; i < to; i++) if ((x[i] as number) > max) max = x[i] as number;
  let sum = 0;
  for (let i = from; i < to; i++) sum += Math.exp((x[i] as number) - max);
  return max + Math.log(sum);
}
