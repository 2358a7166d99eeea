import { type Trie } from './trie.js';

/** Items that may not come out of a search any more. */
export interface TrieMask {
  /** Whether a node reached after `level` digits leads to closed items only. */
  isClosed(level: number, node: number): boolean;
}

/**
 * Closing an item closes its leaf, and each node above it whose children are all closed, so that a beam never spends a place on a
 * branch with nothing left. Costs the siblings on one path an item and remembers closed nodes only, whatever the catalogue holds.
 */
export function trieMask(trie: Trie, items: Iterable<number>): TrieMask {
  const closed = Array.from({ length: trie.levels }, () => new Set<number>());
  const isClosed = (level: number, node: number) => closed[level - 1]?.has(node) ?? false;
  const hasOpenChild = (level: number, node: number) => {
    const [from, to] = childrenOf(trie, level, node);
    for (let child = from; child < to; child++) if (!isClosed(level + 1, child)) return true;
    return false;
  };
  const close = (item: number) => {
    let node = trie.leaves[item] ?? -1;
    if (node < 0) return;
    closed[trie.levels - 1]?.add(node);
    for (let level = trie.levels - 1; level > 0; level--) {
      node = trie.parent[level]?.[node] as number;
      if (hasOpenChild(level, node)) return;
      closed[level - 1]?.add(node);
    }
  };
  for (const item of items) close(item);
  return { isClosed };
}

function childrenOf({ start }: Trie, level: number, node: number): readonly [number, number] {
  const own = start[level] as Int32Array;
  return [own[node] as number, own[node + 1] as number];
}
