export type Decoding = 'exact' | 'beam';

/** Beams that a request's candidates are searched with: fusion looks at the head of a part's list, and 95 % of what shows is in it. */
export const SERVING_BEAMS = 64;

/** Placeholder until measured. */
const CROSSING = { items: 60_000, perBeam: 500 } as const;

/**
 * The cheaper of the two. Exact scoring grows with the catalogue, a beam with its width; the crossing was measured by `npm run
 * bench:decoding` (see docs/ranking/decoding.md).
 */
export function decodingFor(itemCount: number, width: number = SERVING_BEAMS): Decoding {
  return itemCount > CROSSING.items + CROSSING.perBeam * width ? 'beam' : 'exact';
}
