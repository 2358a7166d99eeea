import { cosine } from './steer.js';

interface Placeable {
  readonly steered: number;
  readonly title: string;
  readonly vector: Float32Array | null;
}

/** How many places back a resemblance still disturbs; a page shows about two rows at once. */
const WINDOW = 8;
/** So many of the best that are left compete for a place. */
const COMPETING = 3 * WINDOW;

/**
 * Maximal marginal relevance (Carbonell & Goldstein 1998) in a sliding window: at each place the item with the best
 * score − λ · (largest resemblance to the last few placed). Equal titles count as full resemblance, so that one thing
 * in three styles does not fill a row. Who competes remembers its resemblances: each place asks for those to the last one only,
 * O(k · candidates looked at).
 */
export function diversify<T extends Placeable>(ranked: readonly T[], k: number, lambda = 0.6): T[] {
  const competing: Competitor<T>[] = [];
  const placed: T[] = [];
  let next = 0;
  while (placed.length < k) {
    while (competing.length < COMPETING && next < ranked.length) {
      const candidate = ranked[next++] as T;
      const recent = placed.slice(-WINDOW);
      competing.push({ candidate, resemblances: recent.map((one) => resemblance(candidate, one)) });
    }
    if (competing.length === 0) break;
    const [best] = competing.splice(bestOf(competing, lambda), 1);
    const last = (best as Competitor<T>).candidate;
    placed.push(last);
    for (const { candidate, resemblances } of competing) {
      resemblances.push(resemblance(candidate, last));
      if (resemblances.length > WINDOW) resemblances.shift();
    }
  }
  return placed;
}

interface Competitor<T> {
  readonly candidate: T;
  /** To the last few placed. */
  readonly resemblances: number[];
}

function bestOf(competing: readonly Competitor<Placeable>[], lambda: number): number {
  const worth = competing.map(
    ({ candidate, resemblances }) => candidate.steered - lambda * Math.max(0, ...resemblances),
  );
  return worth.indexOf(Math.max(...worth));
}

function resemblance(a: Placeable, b: Placeable): number {
  return a.title === b.title ? 1 : cosine(a.vector, b.vector);
}
