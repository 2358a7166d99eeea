import type { Values } from '../graph/compute.js';
import type { SemanticIds } from '../semantic-ids/residual-kmeans.js';
import type { Trie } from '../semantic-ids/trie.js';

const HIDDEN = -1e9;

/** The digits of many items, one array per level, named `${prefix}0..`. */
export function digitFeeds(prefix: string, items: Int32Array, { levels, digits }: SemanticIds): Values {
  return Object.fromEntries(
    Array.from({ length: levels }, (_, level) => [
      `${prefix}${level}`,
      Int32Array.from(items, (item) => digits[item * levels + level] as number),
    ]),
  );
}

/**
 * Which digits may follow, for the true prefix of each target: 0 for the children in the trie, hidden else. Filled anew for each
 * batch from the trie (0.3 ms), because a table over all prefixes would grow with the catalogue.
 */
export function allowedFeeds(targets: Int32Array, ids: SemanticIds, trie: Trie): Values {
  const above = new Int32Array(targets.length); // the node of each target on the level above
  return Object.fromEntries(
    ids.radix.map((radix, level) => {
      const allowed = new Float32Array(targets.length * radix).fill(HIDDEN);
      targets.forEach((item, token) => {
        const wanted = ids.digits[item * ids.levels + level] as number;
        const row = allowed.subarray(token * radix, (token + 1) * radix);
        above[token] = openChildren(trie, level, { node: above[token] as number, wanted, row });
      });
      return [`allowed${level}`, allowed];
    }),
  );
}

/** Opens the digits below a node and returns the child with the wanted one. */
function openChildren(
  trie: Trie,
  level: number,
  { node, wanted, row }: { node: number; wanted: number; row: Float32Array },
): number {
  const [start, digit] = [trie.start[level] as Int32Array, trie.digit[level] as Uint16Array];
  let found = -1;
  for (let child = start[node] as number; child < (start[node + 1] as number); child++) {
    row[digit[child] as number] = 0;
    if (digit[child] === wanted) found = child;
  }
  return found;
}
