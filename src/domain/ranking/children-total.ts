import { LEAST_TOTAL, logSumExp } from './exact-scoring.js';

/** All values of the next digit for each beam, (count, radix) row-major; what the trie lacks is not looked at. */
export interface DigitScores {
  /** Up to a constant per row. */
  readonly logits: Float32Array;
  /** exp(logits): made where it is vectorised, since the exponentials of 64 rows cost as much as all else here. */
  readonly exps: Float32Array;
}

/** log Σ e^logit over the children from .. to of one prefix, whose logits begin at `row`. */
export function childrenTotal(
  { logits, exps }: DigitScores,
  digit: Uint16Array,
  { row, from, to }: { readonly row: number; readonly from: number; readonly to: number },
): number {
  let sum = 0;
  for (let child = from; child < to; child++) sum += exps[row + (digit[child] as number)] as number;
  if (sum > LEAST_TOTAL && Number.isFinite(sum)) return Math.log(sum);
  const own = Float32Array.from(digit.subarray(from, to), (value) => logits[row + value] as number);
  return logSumExp(own, 0, own.length);
}
