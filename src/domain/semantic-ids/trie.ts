import { type SemanticIds } from './residual-kmeans.js';

/**
 * All codes as a tree in flat arrays, shared by every beam. Level l holds the nodes reached after l digits (level 0 is the root);
 * the children of node n of level l are the nodes start[l][n] .. start[l][n + 1] of level l + 1, digits ascending.
 */
export interface Trie {
  readonly levels: number;
  /** start[l]: (nodes of level l + 1 entries) into level l + 1. */
  readonly start: readonly Int32Array[];
  /** digit[l]: the digit that leads to each node of level l + 1. */
  readonly digit: readonly Uint16Array[];
  /** parent[l]: the node of level l above each node of level l + 1. */
  readonly parent: readonly Int32Array[];
  /** The item at each node of the last level. */
  readonly items: Int32Array;
  /** The leaf of each item; -1 for an item the trie leaves out. */
  readonly leaves: Int32Array;
}

/**
 * Builds the tree from the codes by one counting sort per digit (last digit first), in flat arrays only: 12,000 items take 5 ms,
 * so new items simply get a new tree, and ten million take seconds.
 */
export function buildTrie(ids: SemanticIds): Trie {
  const { levels, itemCount } = ids;
  const order = sortedByDigits(ids);
  const node = new Int32Array(itemCount); // the node of each sorted item on the level reached so far
  let nodes = 1;
  const [start, digit, parent]: [Int32Array[], Uint16Array[], Int32Array[]] = [[], [], []];
  for (let l = 0; l < levels; l++) {
    const level = splitLevel(ids, { order, node, level: l });
    start.push(childStarts(level.parent, nodes));
    digit.push(level.digit);
    parent.push(level.parent);
    nodes = level.digit.length;
  }
  const items = new Int32Array(nodes);
  const leaves = new Int32Array(itemCount).fill(-1);
  for (let at = 0; at < itemCount; at++) {
    const item = order[at] as number;
    items[node[at] as number] = item;
    leaves[item] = node[at] as number;
  }
  return { levels, start, digit, parent, items, leaves };
}

/** Number of nodes after `level` digits. */
export function nodesAt(trie: Trie, level: number): number {
  return level === 0 ? 1 : (trie.digit[level - 1] as Uint16Array).length;
}

/** What the tree takes in memory: every array of it, and there is nothing else. */
export function trieBytes({ start, digit, parent, items, leaves }: Trie): number {
  return [...start, ...digit, ...parent, items, leaves].reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** Items in the order of their codes; items with equal codes keep their own order, since a counting sort is stable. */
function sortedByDigits({ itemCount, levels, digits }: SemanticIds): Int32Array {
  let order = new Int32Array(itemCount);
  for (let i = 0; i < itemCount; i++) order[i] = i;
  let next = new Int32Array(itemCount);
  for (let l = levels - 1; l >= 0; l--) {
    const place = new Int32Array(2 ** 16 + 1);
    for (let at = l; at < itemCount * levels; at += levels) {
      place[(digits[at] as number) + 1] = (place[(digits[at] as number) + 1] as number) + 1;
    }
    for (let d = 0; d < 2 ** 16; d++) place[d + 1] = (place[d + 1] as number) + (place[d] as number);
    for (let at = 0; at < itemCount; at++) {
      const item = order[at] as number;
      const d = digits[item * levels + l] as number;
      const to = place[d] as number;
      next[to] = item;
      place[d] = to + 1;
    }
    [order, next] = [next, order];
  }
  return order;
}

interface Splitting {
  readonly order: Int32Array;
  /** Moved on from the nodes of the level above to those of this level. */
  readonly node: Int32Array;
  readonly level: number;
}

function splitLevel(ids: SemanticIds, splitting: Splitting): { digit: Uint16Array; parent: Int32Array } {
  const { order, node, level } = splitting;
  const nodes = countNodes(ids, splitting);
  const [digit, parent] = [new Uint16Array(nodes), new Int32Array(nodes)];
  let [last, above] = [-1, -1];
  for (let at = 0; at < order.length; at++) {
    const d = ids.digits[(order[at] as number) * ids.levels + level] as number;
    if (last < 0 || node[at] !== above || d !== digit[last]) {
      last++;
      digit[last] = d;
      parent[last] = node[at] as number;
    }
    above = node[at] as number;
    node[at] = last;
  }
  return { digit, parent };
}

function countNodes({ digits, levels }: SemanticIds, { order, node, level }: Splitting): number {
  let count = 0;
  let [above, before] = [-1, -1];
  for (let at = 0; at < order.length; at++) {
    const d = digits[(order[at] as number) * levels + level] as number;
    if (node[at] !== above || d !== before) count++;
    above = node[at] as number;
    before = d;
  }
  return count;
}

function childStarts(parent: Int32Array, nodes: number): Int32Array {
  const start = new Int32Array(nodes + 1);
  for (let n = 0; n < parent.length; n++) {
    const p = (parent[n] as number) + 1;
    start[p] = (start[p] as number) + 1;
  }
  for (let n = 0; n < nodes; n++) start[n + 1] = (start[n + 1] as number) + (start[n] as number);
  return start;
}
