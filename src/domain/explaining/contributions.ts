/**
 * Leave-one-out: c_j(i) = (s(i | H) − s(i | H \ j)) / (s(i | H) − s(i | ∅)), the share of what the history gave to item i
 * that entry j gave, clipped to [0, 1]. Scores come from the very ranker that ranked, so this is what it really used.
 * `scores` is (2 + entries) x (items): the whole history first, then the empty one, then each entry left out.
 * Returns (items) x (entries).
 */
export function contributions(scores: readonly Float32Array[]): Float32Array[] {
  const [whole = new Float32Array(), empty = new Float32Array(), ...without] = scores;
  return Array.from(whole, (score, i) => {
    const given = score - (empty[i] ?? 0);
    return Float32Array.from(without, (row) => {
      if (given <= 0) return 0;
      return Math.min(1, Math.max(0, (score - (row[i] ?? 0)) / given));
    });
  });
}
