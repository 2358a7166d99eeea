/**
 * Starts of all suffixes in lexicographic order, by prefix doubling (Manber & Myers 1993): after round k suffixes are sorted by
 * their first 2^k symbols. Two counting sorts a round in five flat arrays; the rounds end with the longest repeated stretch.
 */
export function suffixArray(text: Int32Array, symbols: number): Int32Array {
  const n = text.length;
  let rank: Int32Array = text.slice();
  let order: Int32Array = countingSort(identity(n), rank, symbols);
  let classes = relabel(order, rank, rank, 0);
  rank = classes.rank;
  for (let k = 1; classes.count < n && k < n; k *= 2) {
    order = countingSort(bySecondHalf(order, k), rank, classes.count);
    classes = relabel(order, rank, rank, k);
    rank = classes.rank;
  }
  return order;
}

function identity(n: number): Int32Array {
  const out = new Int32Array(n);
  for (let i = 0; i < n; i++) out[i] = i;
  return out;
}

/** Suffixes in the order of what starts k symbols later; those that have nothing there come first. */
function bySecondHalf(order: Int32Array, k: number): Int32Array {
  const n = order.length;
  const out = new Int32Array(n);
  let at = 0;
  for (let i = Math.max(0, n - k); i < n; i++) out[at++] = i;
  for (let i = 0; i < n; i++) if ((order[i] as number) >= k) out[at++] = (order[i] as number) - k;
  return out;
}

/** Stable: equal keys keep the order they come in. */
function countingSort(order: Int32Array, keys: Int32Array, most: number): Int32Array {
  const place = new Int32Array(most + 1);
  for (const key of keys) place[key + 1] = (place[key + 1] as number) + 1;
  for (let key = 0; key < most; key++) place[key + 1] = (place[key + 1] as number) + (place[key] as number);
  const out = new Int32Array(order.length);
  for (const suffix of order) {
    const key = keys[suffix] as number;
    const to = place[key] as number;
    out[to] = suffix;
    place[key] = to + 1;
  }
  return out;
}

/** New classes: suffixes that agree in both halves share one. k = 0 compares the first half alone. */
function relabel(order: Int32Array, first: Int32Array, second: Int32Array, k: number) {
  const rank = new Int32Array(order.length);
  const half = (suffix: number) => (k === 0 ? 0 : (second[suffix + k] ?? -1));
  let count = 0;
  for (let i = 0; i < order.length; i++) {
    const [own, before] = [order[i] as number, order[i - 1] ?? -1];
    if (i > 0 && (first[own] !== first[before] || half(own) !== half(before))) count++;
    rank[own] = count;
  }
  return { rank, count: order.length === 0 ? 0 : count + 1 };
}
