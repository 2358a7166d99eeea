/** A heap of the best items so far, the worst of them at the root. */
interface Best {
  readonly items: Int32Array; // (k)
  readonly scores: Float32Array; // (k)
  size: number;
}

/**
 * The k items with the highest scores, best first, skipping `excluded`. A bounded heap: about one comparison an item for most
 * of the catalogue, and log k for the few that get in; 400 of 12,000 take 0.1 ms, where a sorted list takes 0.7. Equal scores
 * keep the order in which a seed numbered the items: numbers are drawn at random, so this favours nobody.
 */
export function topItems(scores: Float32Array, k: number, excluded?: ReadonlySet<number>): Int32Array {
  const size = Math.min(k, scores.length);
  const best: Best = { items: new Int32Array(size), scores: new Float32Array(size), size: 0 };
  let floor = -Infinity;
  for (let item = 0; item < scores.length && size > 0; item++) {
    const score = scores[item] as number;
    if (best.size === size && score <= floor) continue;
    if (excluded?.has(item) === true) continue;
    if (best.size < size) rise(best, best.size++, item, score);
    else sink(best, item, score);
    floor = best.scores[0] as number;
  }
  return bestFirst(best);
}

/** Takes the worst out until none is left, filling the answer from its end. */
function bestFirst(best: Best): Int32Array {
  const ordered = new Int32Array(best.size);
  for (let place = best.size - 1; place >= 0; place--) {
    ordered[place] = best.items[0] as number;
    best.size = place;
    sink(best, best.items[place] as number, best.scores[place] as number);
  }
  return ordered;
}

/** Puts an item at the free place `at` and lifts it above those that are better. */
function rise({ items, scores }: Best, at: number, item: number, score: number): void {
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = scores[parent] as number;
    if (above < score || (above === score && (items[parent] as number) > item)) break;
    items[at] = items[parent] as number;
    scores[at] = above;
    at = parent;
  }
  items[at] = item;
  scores[at] = score;
}

/** Replaces the root by an item and lets it sink below those that are worse. */
function sink({ items, scores, size }: Best, item: number, score: number): void {
  let at = 0;
  for (let child = 1; child < size; child = 2 * at + 1) {
    if (child + 1 < size && isWorse(items, scores, child + 1, child)) child++;
    const below = scores[child] as number;
    if (score < below || (score === below && item > (items[child] as number))) break;
    items[at] = items[child] as number;
    scores[at] = below;
    at = child;
  }
  items[at] = item;
  scores[at] = score;
}

function isWorse(items: Int32Array, scores: Float32Array, a: number, b: number): boolean {
  const [scoreA, scoreB] = [scores[a] as number, scores[b] as number];
  return scoreA < scoreB || (scoreA === scoreB && (items[a] as number) > (items[b] as number));
}
