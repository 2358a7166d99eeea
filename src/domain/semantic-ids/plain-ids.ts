import { DomainError } from '../errors.js';
import type { SemanticIds } from './residual-kmeans.js';

/** Values of a digit: P5's item numbers fall into pairs of decimal digits under its word-piece vocabulary. */
const RADIX = 100;
/** Room for items that come later: so many times the catalogue. */
const ROOM = 4;

/** Digits without meaning: how many are needed for the catalogue and what may come. */
export interface PlainDigits {
  readonly radix: number;
  readonly levels: number;
}

export function plainDigitsFor(itemCount: number): PlainDigits {
  const levels = Math.max(2, Math.ceil(Math.log(ROOM * Math.max(1, itemCount)) / Math.log(RADIX)));
  return { radix: RADIX, levels };
}

/** Item n is the digits of n (P5, Geng et al. 2022, with its "random indexing": items are numbered at random). */
export function assignPlainIds(
  { radix, levels }: PlainDigits,
  count: number,
  taken?: SemanticIds,
): SemanticIds {
  const numbers = freeNumbers({ radix, levels }, count, taken);
  const known = taken?.itemCount ?? 0;
  const digits = new Uint16Array((known + count) * levels);
  if (taken) digits.set(taken.digits);
  numbers.forEach((number, i) => {
    let rest = number;
    for (let level = levels - 1; level >= 0; level--) {
      digits[(known + i) * levels + level] = rest % radix;
      rest = Math.floor(rest / radix);
    }
  });
  return { itemCount: known + count, levels, radix: Array.from({ length: levels }, () => radix), digits };
}

/** The lowest numbers that nobody has. */
function freeNumbers({ radix, levels }: PlainDigits, count: number, taken?: SemanticIds): number[] {
  const given = new Set<number>();
  for (let at = 0; at < (taken?.digits.length ?? 0); at += levels) {
    given.add(taken?.digits.subarray(at, at + levels).reduce((sum, digit) => sum * radix + digit, 0) ?? 0);
  }
  const numbers: number[] = [];
  for (let number = 0; number < radix ** levels && numbers.length < count; number++) {
    if (!given.has(number)) numbers.push(number);
  }
  if (numbers.length === count) return numbers;
  throw new DomainError(
    'INVALID_INPUT',
    `${levels} digits hold ${radix ** levels} items, ${given.size + count} came: train again`,
  );
}
