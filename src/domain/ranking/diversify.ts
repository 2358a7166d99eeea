import { cosine } from './steer.js';

interface Placeable {
  readonly steered: number;
  readonly title: string;
  readonly vector: Float32Array | null;
}

/** How many places back a resemblance still disturbs; a page shows about two rows at once. */
const WINDOW = 8;

/**
 * Maximal marginal relevance (Carbonell & Goldstein 1998) in a sliding window: at each place the item with the best
 * score − λ · (largest resemblance to the last few placed). Equal titles count as full resemblance, so that one thing
 * in three styles does not fill a row. O(k · candidates looked at · window).
 */
export function diversify<T extends Placeable>(ranked: readonly T[], k: number, lambda = 0.6): T[] {
  const left = [...ranked];
  const placed: T[] = [];
  while (placed.length < k && left.length > 0) {
    const recent = placed.slice(-WINDOW);
    const best = bestOf(left.slice(0, 3 * WINDOW), recent, lambda);
    placed.push(...left.splice(best, 1));
  }
  return placed;
}

function bestOf<T extends Placeable>(candidates: readonly T[], recent: readonly T[], lambda: number): number {
  const worth = candidates.map(
    (c) => c.steered - lambda * Math.max(0, ...recent.map((r) => resemblance(c, r))),
  );
  return worth.indexOf(Math.max(...worth));
}

function resemblance(a: Placeable, b: Placeable): number {
  return a.title === b.title ? 1 : cosine(a.vector, b.vector);
}
