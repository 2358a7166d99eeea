import { DomainError } from '../errors.js';
import type { TokenizerName } from '../semantic-ids/tokenizer.js';

/**
 * Ways of coming to the likeliest codes. `draft` gives the exact head of the list and is never picked by rule: for 64 items it took
 * 1.3 to 2 times as long as 64 beams wherever it was measured.
 */
export const DECODINGS = ['exact', 'beam', 'draft'] as const;
export type Decoding = (typeof DECODINGS)[number];

interface Chosen {
  readonly decoding?: Decoding | 'auto';
  readonly tokenizer?: TokenizerName;
}

/** What a recipe asks for by name; undefined where the rule decides. Parallel codes have no tree to search. */
export function decodingOf({ decoding = 'auto', tokenizer }: Chosen): Decoding | undefined {
  if (decoding === 'auto') return undefined;
  if (tokenizer === 'product' && decoding !== 'exact') {
    throw new DomainError(
      'INVALID_INPUT',
      `decoding: exact was wanted for product codes, which are scored all at once, ${decoding} came`,
      { path: ['recipe'] },
    );
  }
  return decoding;
}

/** Beams that a request's candidates are searched with: fusion looks at the head of a part's list, and 95 % of what shows is in it. */
export const SERVING_BEAMS = 64;

/**
 * Processor milliseconds on one thread at width 64, fitted by hand to `npm run bench:decoding` (seed 1): exact scoring takes 1.4,
 * 8.9, 93 and 992 ms for 10 k, 100 k, 1 M and 10 M items; beams of 16, 64 and 256 take 0.7, 1.5 and 6.6 ms at a million.
 */
const EXACT = { start: 0.5, perItem: 0.9e-4 } as const;
const BEAM = { start: 0.5, perBeam: 0.018 } as const;

/** Up to here a beam saves 2 ms at most, and the whole order, which fusions are fitted on and metrics count, is worth more. */
const FEWEST_FOR_BEAMS = 20_000;

/**
 * The cheaper of the two: exact scoring grows with the catalogue, a beam with its width. 64 beams and exact scoring cross at about
 * 13,000 items; 256 beams, by these lines, at 51,000 (measured between two sizes: 32,000).
 */
export function decodingFor(itemCount: number, width: number = SERVING_BEAMS): 'exact' | 'beam' {
  const exact = EXACT.start + EXACT.perItem * itemCount;
  const beam = BEAM.start + BEAM.perBeam * width;
  return itemCount > FEWEST_FOR_BEAMS && beam < exact ? 'beam' : 'exact';
}
