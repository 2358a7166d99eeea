import type { RankingData, RankingPart } from './part.js';
import { addByRecency } from './recency.js';
import { type SparseRows, valueAt } from './sparse-rows.js';
import { eachTogetherRow, supportsOf } from './together-counts.js';

/**
 * Items that people had together. `values` of the rows are numbers of people, not similarities: explanations cite
 * them ("31 people who had A also had B"), and the similarity follows from them and the supports.
 */
export interface ItemKnnModel {
  readonly together: SparseRows;
  /** How many people had each item. */
  readonly supports: Int32Array; // (itemCount)
  /** Weight of a history item per step back from the newest. */
  readonly recency: number;
  /** Added to the cosine's denominator: two people who agree prove little. */
  readonly shrink: number;
}

export interface ItemKnnPart extends RankingPart {
  /** Number of people who had both, 0 where there were none (or the pair was among the weakest of a huge row). */
  neighbours(itemA: number, itemB: number): number;
  /** Number of people who had the item. */
  support(item: number): number;
}

/** Rows longer than this keep their strongest pairs: it bounds memory at 8 kB an item and no public set here reaches scores with more. */
const MAX_NEIGHBOURS = 4096;

/**
 * Item-based neighbours (Sarwar et al. 2001): sim(i, j) = together(i, j) / (√(support(i) support(j)) + shrink).
 */
export function trainItemKnn(
  { itemCount, sequences }: RankingData,
  { recency = 0.5, shrink = 50 }: { recency?: number; shrink?: number } = {},
): ItemKnnModel {
  const supports = supportsOf(sequences, itemCount);
  const [columns, values] = [[] as Int32Array[], [] as Float32Array[]];
  const rowStart = new Int32Array(itemCount + 1);
  eachTogetherRow(sequences, itemCount, (item, others, counts) => {
    const row = strongest(others, MAX_NEIGHBOURS, (other) => {
      return (counts[other] as number) / (Math.sqrt(supports[other] as number) + shrink);
    });
    columns.push(row);
    values.push(picked(counts, row));
    rowStart[item + 1] = (rowStart[item] as number) + row.length;
  });
  return {
    together: { rowStart, columns: joined(columns, Int32Array), values: joined(values, Float32Array) },
    supports,
    recency,
    shrink,
  };
}

export function itemKnnPart(model: ItemKnnModel): ItemKnnPart {
  const { together, supports, recency, shrink } = model;
  const similarities = cosines(model, shrink);
  const scoreOne = (history: Int32Array, scores: Float32Array = new Float32Array(supports.length)) => {
    scores.fill(0);
    addByRecency(history, recency, (item, weight) => {
      const end = together.rowStart[item + 1] as number;
      for (let e = together.rowStart[item] as number; e < end; e++) {
        const other = together.columns[e] as number;
        scores[other] = (scores[other] as number) + weight * (similarities[e] as number);
      }
    });
    return scores;
  };
  return {
    name: 'itemknn',
    score: (histories, _, into) =>
      Promise.resolve(histories.map((history, h) => scoreOne(history, into?.[h]))),
    neighbours: (itemA, itemB) => valueAt(together, itemA, itemB),
    support: (item) => supports[item] ?? 0,
  };
}

function picked(from: Int32Array, at: Int32Array): Float32Array {
  const out = new Float32Array(at.length);
  for (let i = 0; i < at.length; i++) out[i] = from[at[i] as number] as number;
  return out;
}

function strongest(row: Int32Array, limit: number, strength: (item: number) => number): Int32Array {
  if (row.length <= limit) return row;
  const ascending = Float64Array.from(row, strength).sort();
  const floor = ascending[row.length - limit] as number;
  return row.filter((item) => strength(item) >= floor);
}

function cosines({ together, supports }: ItemKnnModel, shrink: number): Float32Array {
  const out = new Float32Array(together.values.length);
  supports.forEach((support, item) => {
    for (let e = together.rowStart[item] as number; e < (together.rowStart[item + 1] as number); e++) {
      const other = supports[together.columns[e] as number] as number;
      out[e] = (together.values[e] as number) / (Math.sqrt(support * other) + shrink);
    }
  });
  return out;
}

function joined<A extends Int32Array | Float32Array>(
  parts: readonly A[],
  Kind: new (length: number) => A,
): A {
  const whole = new Kind(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
