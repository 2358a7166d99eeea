import type { RankingData, RankingPart } from './part.js';
import { addByRecency } from './recency.js';
import { type SparseRows, transposed } from './sparse-rows.js';
import {
  entryAt,
  invertInPlace,
  tiledIdentity,
  tileIndex,
  type TiledSymmetric,
  type TileProduct,
} from './symmetric-inverse.js';
import { eachTogetherRow, supportsOf } from './together-counts.js';
import type { Watch } from './watch.js';

/** A trained EASE: row h holds what having item h adds to the scores of others. */
export interface EaseModel {
  readonly weights: SparseRows; // (itemCount rows)
  readonly lambda: number;
  /** Weight of a history item per step back from the newest; applied when scoring, not when learning. */
  readonly recency: number;
}

export interface EaseOptions {
  readonly lambda: number;
  readonly recency: number;
  /** Strongest weights kept per target item; without it the model is n² numbers. By default 3 million in all, 24 MB. */
  readonly keep?: number;
  /** Only so many of the most frequent items take part; the rest score 0. Time grows with the cube, memory with the square. */
  readonly maxItems?: number;
  readonly product?: TileProduct;
  readonly watch?: Watch;
}

/** 12,101 items take 1.0 T multiply-adds and 0.3 GB; 20,000 take 4.0 T and 0.8 GB, which is where a laptop should stop. */
export const EASE_MAX_ITEMS = 20_000;

/** Beauty keeps 248 weights an item and loses nothing; MovieLens-1M keeps 810 and loses 1 % of N@10 against all 3,706. */
const MOST_WEIGHTS = 3_000_000;

/**
 * EASE (Steck 2019): with G = XᵀX + λI and P = G⁻¹, B = I − P diag(1 / P_jj), the closed-form ridge regression of
 * every item on all others with a zero diagonal. One inverse, no epochs.
 */
export async function trainEase(data: RankingData, options: EaseOptions): Promise<EaseModel> {
  const { lambda, recency, maxItems = EASE_MAX_ITEMS, product, watch } = options;
  const items = mostFrequent(data, maxItems);
  const keep = options.keep ?? Math.ceil(MOST_WEIGHTS / Math.max(items.length, 1));
  const gram = gramMatrix(data, items, lambda);
  await invertInPlace(gram, product, watch);
  return { weights: strongestWeights(gram, items, keep, data.itemCount), lambda, recency };
}

export function easePart({ weights, recency }: EaseModel): RankingPart {
  const { rowStart, columns, values } = weights;
  const scoreOne = (history: Int32Array, scores: Float32Array = new Float32Array(rowStart.length - 1)) => {
    scores.fill(0);
    addByRecency(history, recency, (item, weight) => {
      const end = rowStart[item + 1] as number;
      for (let e = rowStart[item] as number; e < end; e++) {
        const other = columns[e] as number;
        scores[other] = (scores[other] as number) + weight * (values[e] as number);
      }
    });
    return scores;
  };
  return {
    name: 'ease',
    score: (histories, _, into) =>
      Promise.resolve(histories.map((history, h) => scoreOne(history, into?.[h]))),
  };
}

/** Item numbers that take part, most frequent first beyond the limit, ascending otherwise; items nobody had stay out. */
function mostFrequent({ itemCount, sequences }: RankingData, maxItems: number): Int32Array {
  const supports = supportsOf(sequences, itemCount);
  const present = Array.from({ length: itemCount }, (_, i) => i).filter((item) => supports[item] !== 0);
  if (present.length <= maxItems) return Int32Array.from(present);
  present.sort((a, b) => (supports[b] as number) - (supports[a] as number));
  return Int32Array.from(present.slice(0, maxItems)).sort();
}

/** XᵀX + λI over the chosen items: people who had both, people who had it plus λ on the diagonal. */
function gramMatrix(
  { itemCount, sequences }: RankingData,
  items: Int32Array,
  lambda: number,
): TiledSymmetric {
  const gram = tiledIdentity(items.length);
  const { tile, tiles } = gram;
  const supports = supportsOf(sequences, itemCount);
  const place = new Int32Array(itemCount).fill(-1);
  items.forEach((item, index) => (place[item] = index));
  eachTogetherRow(sequences, itemCount, (item, others, counts) => {
    const i = place[item] as number;
    if (i < 0) return;
    const [row, blockRow] = [(i % tile) * tile, Math.floor(i / tile)];
    const set = (j: number, value: number) => {
      const blockColumn = Math.floor(j / tile);
      // diagonal tiles are kept whole, because products read them as plain squares
      if (j < 0 || blockColumn > blockRow) return;
      (tiles[tileIndex(blockRow, blockColumn)] as Float32Array)[row + (j % tile)] = value;
    };
    set(i, (supports[item] as number) + lambda);
    for (const other of others) set(place[other] as number, counts[other] as number);
  });
  return gram;
}

/** B_hj = −P_hj / P_jj for h ≠ j, the `keep` largest by size of each column j, stored by row h. */
function strongestWeights(
  inverse: TiledSymmetric,
  items: Int32Array,
  keep: number,
  itemCount: number,
): SparseRows {
  const kept = Math.min(keep, Math.max(items.length - 1, 0));
  const columnSizes = new Int32Array(itemCount);
  const [rows, values] = [new Int32Array(kept * items.length), new Float32Array(kept * items.length)];
  const column = new Float32Array(items.length);
  let filled = 0;
  items.forEach((target, j) => {
    const scale = -1 / entryAt(inverse, j, j);
    for (let h = 0; h < column.length; h++) column[h] = entryAt(inverse, h, j) * scale;
    column[j] = 0;
    const floor = sizeOfLargest(column, kept);
    for (let h = 0; h < column.length && (columnSizes[target] as number) < kept; h++) {
      if (h === j || Math.abs(column[h] as number) < floor) continue;
      rows[filled] = items[h] as number;
      values[filled++] = column[h] as number;
      columnSizes[target] = (columnSizes[target] as number) + 1;
    }
  });
  const rowStart = new Int32Array(itemCount + 1);
  columnSizes.forEach((size, item) => (rowStart[item + 1] = (rowStart[item] ?? 0) + size));
  return transposed({ rowStart, columns: rows.slice(0, filled), values: values.slice(0, filled) }, itemCount);
}

/** The size of the count-th largest value by absolute size; 0 for a count of 0. */
function sizeOfLargest(values: Float32Array, count: number): number {
  const sizes = values.map(Math.abs).sort();
  return sizes[sizes.length - count] ?? 0;
}
