/** The constant of the paper; it keeps the first places of one list from deciding alone. */
const K = 60;

/**
 * Reciprocal rank fusion (Cormack, Clarke & Buettcher 2009): score = Σ 1 / (K + rank) over the lists, with rank from 1, here
 * divided by what a first place in every list gives, so that it lies in (0, 1]. Best first.
 */
export function fuseRanks<T extends string>(lists: readonly (readonly T[])[]): { id: T; score: number }[] {
  const sums = new Map<T, number>();
  for (const list of lists)
    list.forEach((id, place) => sums.set(id, (sums.get(id) ?? 0) + 1 / (K + place + 1)));
  const most = lists.length / (K + 1);
  return [...sums]
    .map(([id, sum]) => ({ id, score: sum / most }))
    .sort((a, b) => b.score - a.score || (a.id < b.id ? 1 : -1));
}
