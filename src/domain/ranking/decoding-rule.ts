export type Decoding = 'exact' | 'beam';

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
export function decodingFor(itemCount: number, width: number = SERVING_BEAMS): Decoding {
  const exact = EXACT.start + EXACT.perItem * itemCount;
  const beam = BEAM.start + BEAM.perBeam * width;
  return itemCount > FEWEST_FOR_BEAMS && beam < exact ? 'beam' : 'exact';
}
