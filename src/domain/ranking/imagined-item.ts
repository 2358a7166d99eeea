import { nearestRows } from '../semantic-ids/nearest-rows.js';
import { meansOf } from './diffusion-scorer.js';
import type { UnitItems } from './trunk-items.js';

/** Whether a diffusion part generated the vector, or the trunk's own state stands in for it. */
export type ImaginationSource = 'DIFFUSION' | 'TRUNK';

/** The vector of the ideal next item of a person, beside the items there are. */
export interface ImaginedItem {
  readonly source: ImaginationSource;
  readonly vector: Float32Array; // (size), of length 1
  /** Mean cosine distance between two samples, 0..2; null where there is one answer only. */
  readonly uncertainty: number | null;
  readonly steps: number | null;
  readonly guidance: number | null;
  /** Real items, nearest first. */
  readonly nearest: readonly { readonly item: number; readonly similarity: number }[];
  /** Cosine distance to the nearest real item; null where nothing resembles it. */
  readonly distance: number | null;
  /** Share of real items, 0..1, that have a closer neighbour than the imagined one has: near 1 says that nothing like it exists. */
  readonly percentile: number | null;
}

/** How a vector came about. */
export type Imagining = Pick<ImaginedItem, 'source' | 'steps' | 'guidance'> & {
  /** (samples, size): unit vectors. */
  readonly samples: Float32Array;
};

export interface Surroundings {
  readonly items: UnitItems;
  /** Cosine distances from items to their nearest neighbours, ascending. */
  readonly usual: Float32Array;
  /** Items that may be shown. */
  readonly isAllowed: (item: number) => boolean;
  readonly count: number;
}

/** Finds what exists around the mean of the samples. */
export function imaginedItem(imagining: Imagining, around: Surroundings): ImaginedItem {
  const { samples, source, steps, guidance } = imagining;
  const { items, usual, isAllowed, count } = around;
  const vector = unit(meansOf(samples, items.size, samples.length / items.size));
  const table = { rows: items.rows, stride: items.size };
  const nearest = nearestRows(vector, table, count, (row) => !isAllowed(row)).map(({ row, similarity }) => ({
    item: row,
    similarity,
  }));
  const [first] = nearest;
  const distance = first === undefined ? null : Math.max(0, 1 - first.similarity);
  return {
    ...{ source, steps, guidance, vector, nearest, distance },
    uncertainty: samples.length > items.size ? meanPairDistance(samples, items.size) : null,
    percentile: distance === null ? null : shareBelow(usual, distance),
  };
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((x) => x / length);
}

/** Mean of 1 − cos over all pairs of n unit rows: since Σ_ij a_i · a_j = |Σ a_i|², it is (n² − |Σ a_i|²) / (n (n − 1)). */
export function meanPairDistance(rows: Float32Array, size: number): number {
  const n = rows.length / size;
  const sum = meansOf(rows, size, n).map((x) => x * n);
  const square = sum.reduce((total, x) => total + x * x, 0);
  return Math.max(0, (n * n - square) / (n * (n - 1)));
}

function shareBelow(ascending: Float32Array, value: number): number {
  const above = ascending.findIndex((one) => one >= value);
  return ascending.length === 0 ? 0 : (above < 0 ? ascending.length : above) / ascending.length;
}

/** Items asked for their nearest neighbour: 300 place a percentile to within 3 points, and cost 0.3 s at 12,000 items. */
const SAMPLE = 300;

/** How near items usually are to each other: cosine distances to the nearest neighbour of evenly chosen items, ascending. */
export function usualDistances({ rows, size, itemCount }: UnitItems): Float32Array {
  const count = Math.min(SAMPLE, itemCount);
  const distances = Float32Array.from({ length: count }, (_, i) => {
    const item = Math.floor((i * itemCount) / count);
    const query = rows.subarray(item * size, (item + 1) * size);
    const [nearest] = nearestRows(query, { rows, stride: size }, 1, (row) => row === item);
    return Math.max(0, 1 - (nearest?.similarity ?? 0));
  });
  return distances.sort();
}
