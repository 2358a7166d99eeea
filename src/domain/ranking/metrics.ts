/**
 * Rank of one target among all candidates, 0 = first. Ties count half: an item that ties with m others stands in
 * the middle of them, because breaking ties by item number would leak the order of the source's ids.
 */
export function halfTieRank(scores: Float32Array, target: number, removed?: Iterable<number>): number {
  const wanted = scores[target] as number;
  let [better, equal] = [0, -1]; // the target equals itself
  for (const score of scores) {
    if (score > wanted) better++;
    else if (score === wanted) equal++;
  }
  for (const item of removed ?? []) {
    if (item === target) continue;
    const score = scores[item] as number;
    if (score > wanted) better--;
    else if (score === wanted) equal--;
  }
  return better + equal / 2;
}

/** With one target per person, recall@k and hit rate@k are the same number. */
export function hitAt(rank: number, k: number): number {
  return rank < k ? 1 : 0;
}

/** With one target the ideal gain is 1, so NDCG@k = 1 / log2(rank + 2) inside the first k. */
export function ndcgAt(rank: number, k: number): number {
  return rank < k ? 1 / Math.log2(rank + 2) : 0;
}

export function reciprocalRank(rank: number): number {
  return 1 / (rank + 1);
}

export interface RankedQuality {
  readonly R5: number;
  readonly R10: number;
  readonly N5: number;
  readonly N10: number;
  readonly MRR: number;
}

/** Means over people; all zero for nobody. */
export function meanQuality(ranks: ArrayLike<number>): RankedQuality {
  const mean = (of: (rank: number) => number) => {
    let sum = 0;
    for (let i = 0; i < ranks.length; i++) sum += of(ranks[i] as number);
    return ranks.length === 0 ? 0 : sum / ranks.length;
  };
  return {
    R5: mean((rank) => hitAt(rank, 5)),
    R10: mean((rank) => hitAt(rank, 10)),
    N5: mean((rank) => ndcgAt(rank, 5)),
    N10: mean((rank) => ndcgAt(rank, 10)),
    MRR: mean(reciprocalRank),
  };
}

export interface ListQuality {
  /** Share of the catalogue that appeared in anybody's top 10. */
  readonly coverage: number;
  /** Mean self-information −log2(support / people) of what was shown: higher is less obvious (Zhou et al. 2010). */
  readonly novelty: number;
  /** Gini of exposure over the catalogue: 0 = all items shown equally, 1 = one item gets everything. */
  readonly gini: number;
  /** Mean popularity rank of what was shown, as a share of the catalogue: 0 = only best-sellers. */
  readonly meanPopularityRank: number;
}

/** Judges the lists themselves: `exposure` says how often each item was shown, `supports` how many people had it. */
export function listQuality(
  exposure: Float64Array,
  supports: ArrayLike<number>,
  people: number,
): ListQuality {
  const shown = exposure.reduce((sum, count) => sum + count, 0);
  const popularityRank = midRanks(supports);
  let [covered, novelty, rankSum] = [0, 0, 0];
  exposure.forEach((count, item) => {
    if (count === 0) return;
    covered++;
    novelty -= count * Math.log2(Math.max(supports[item] as number, 1) / Math.max(people, 1));
    rankSum += count * ((popularityRank[item] as number) / exposure.length);
  });
  return {
    coverage: covered / Math.max(exposure.length, 1),
    novelty: shown === 0 ? 0 : novelty / shown,
    gini: gini(exposure),
    meanPopularityRank: shown === 0 ? 0 : rankSum / shown,
  };
}

/** Gini coefficient: Σ (2i − n − 1) x_i / (n Σ x) over ascending x, i from 1. */
export function gini(values: Float64Array): number {
  const ascending = values.slice().sort();
  const n = ascending.length;
  const total = ascending.reduce((sum, value) => sum + value, 0);
  if (total === 0) return 0;
  return ascending.reduce((sum, value, index) => sum + (2 * (index + 1) - n - 1) * value, 0) / (n * total);
}

/** Ranks from 0, highest value first; equal values share the middle of their places. */
function midRanks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i);
  order.sort((a, b) => (values[b] as number) - (values[a] as number));
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end] as number] === values[order[start] as number]) end++;
    for (let i = start; i < end; i++) ranks[order[i] as number] = (start + end - 1) / 2;
    start = end;
  }
  return ranks;
}
