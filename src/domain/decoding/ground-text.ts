/** A real item that a text may mean. */
export interface Groundable {
  /** L2-normalised, in the encoder's space. */
  readonly vector: Float32Array;
  /** How much the crowd, or people like this one, want it; any scale. */
  readonly wanted: number;
}

/**
 * How much being wanted shortens a distance. 0 is plain search; see docs/ranking/decoding.md for what was measured.
 */
export const WANTED_POWER = 1;

/**
 * BIGRec's grounding step (Bao et al. 2023, eq. 3-5): D_i = |e - e_i|, both D and the crowd's wish C put on [0, 1] over the
 * catalogue, and items in ascending order of D_i / (1 + C_i)^γ. Whatever the words, only real items come out.
 * Returns indices with their closeness 1 - D_i / (1 + C_i)^γ, best first; ties by index.
 */
export function groundText(
  query: Float32Array,
  items: readonly Groundable[],
  gamma: number = WANTED_POWER,
): { readonly index: number; readonly closeness: number }[] {
  const distance = onUnit(items.map(({ vector }) => l2(query, vector)));
  const wanted = onUnit(items.map((item) => item.wanted));
  return items
    .map((_, index) => ({
      index,
      closeness: 1 - (distance[index] as number) / (1 + (wanted[index] as number)) ** gamma,
    }))
    .sort((a, b) => b.closeness - a.closeness || a.index - b.index);
}

function l2(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - (b[i] ?? 0)) ** 2;
  return Math.sqrt(sum);
}

/** Min-max; all 0 where all are equal. */
function onUnit(values: readonly number[]): number[] {
  const [low, high] = values.reduce(([l, h], x) => [Math.min(l, x), Math.max(h, x)], [Infinity, -Infinity]);
  return values.map((x) => (high > low ? (x - low) / (high - low) : 0));
}
