import type { Values } from '../graph/compute.js';
import { normaliseRows } from '../semantic-ids/normalise-rows.js';
import type { TrunkConfig } from './trunk.js';

/** Unit vectors of all items, in a space in which one compares by cosine. */
export interface UnitItems {
  readonly rows: Float32Array; // (itemCount, size)
  readonly size: number;
  readonly itemCount: number;
}

/** The directions of a trunk's item vectors, which are all that its scores read of them; a copy. */
export function trunkItems({
  config: { width, itemCount },
  weights,
}: {
  readonly config: TrunkConfig;
  readonly weights: Values;
}): UnitItems {
  const table = weights['items.weight'] as Float32Array;
  return { rows: normaliseRows(table.slice(), width), size: width, itemCount };
}
