/**
 * The k items with the highest scores, best first, skipping `excluded`. Keeps a small sorted list, so a whole
 * catalogue costs about one comparison an item. Equal scores keep the order in which a seed numbered the items:
 * numbers are drawn at random, so this favours nobody.
 */
export function topItems(scores: Float32Array, k: number, excluded?: ReadonlySet<number>): Int32Array {
  const [items, best] = [new Int32Array(k), new Float32Array(k).fill(-Infinity)];
  let size = 0;
  let floor = -Infinity;
  for (let item = 0; item < scores.length; item++) {
    const score = scores[item] as number;
    if (size === k && score <= floor) continue;
    if (excluded?.has(item) === true) continue;
    let at = size < k ? size++ : k - 1;
    while (at > 0 && (best[at - 1] as number) < score) {
      best[at] = best[at - 1] as number;
      items[at] = items[at - 1] as number;
      at--;
    }
    best[at] = score;
    items[at] = item;
    floor = best[k - 1] as number;
  }
  return items.slice(0, size);
}
