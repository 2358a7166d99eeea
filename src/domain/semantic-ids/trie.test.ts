import { seededRandom } from '../random.js';
import { type SemanticIds } from './residual-kmeans.js';
import { buildTrie, nodesAt, trieBytes } from './trie.js';

function randomIds(itemCount: number): SemanticIds {
  const random = seededRandom('trie');
  const codes = new Set<string>();
  while (codes.size < itemCount) {
    codes.add([random.int(5), random.int(5), random.int(5), random.int(3)].join('.'));
  }
  const digits = Uint16Array.from([...codes].flatMap((c) => c.split('.').map(Number)));
  return { itemCount, levels: 4, radix: [5, 5, 5, 3], digits };
}

test('walking the digits of an item leads to it, and every leaf is an item', () => {
  const ids = randomIds(200);
  const trie = buildTrie(ids);
  for (let item = 0; item < 200; item++) {
    let node = 0;
    for (let l = 0; l < 4; l++) {
      const [from, to] = Array.from(trie.start[l]?.subarray(node, node + 2) ?? []) as [number, number];
      const digits = Array.from(trie.digit[l]?.subarray(from, to) ?? []);
      expect(digits).toEqual([...digits].sort((a, b) => a - b));
      const at = digits.indexOf(ids.digits[item * 4 + l] ?? NaN);
      expect(at).toBeGreaterThanOrEqual(0);
      expect(trie.parent[l]?.[from + at]).toBe(node);
      node = from + at;
    }
    expect(trie.items[node]).toBe(item);
    expect(trie.leaves[item]).toBe(node);
  }
  expect(nodesAt(trie, 4)).toBe(200);
});

test('items with equal codes share a leaf, and the digits need not come sorted', () => {
  const digits = Uint16Array.from([3, 0, 1, 2, 3, 0]);
  const trie = buildTrie({ itemCount: 3, levels: 2, radix: [4, 4], digits });
  expect(Array.from(trie.digit[0] ?? [])).toEqual([1, 3]);
  expect(Array.from(trie.leaves)).toEqual([1, 0, 1]);
  expect(nodesAt(trie, 2)).toBe(2);
});

test('memory is what its nodes ask for: 10 bytes a node, 4 a level for the end, 8 an item', () => {
  const trie = buildTrie(randomIds(200));
  const nodes = [1, 2, 3, 4].map((level) => nodesAt(trie, level));
  const inner = [0, 1, 2, 3].map((level) => nodesAt(trie, level) + 1);
  const sum = (all: readonly number[]) => all.reduce((a, b) => a + b, 0);
  expect(trieBytes(trie)).toBe(6 * sum(nodes) + 4 * sum(inner) + 8 * 200);
  // ten million items, codes 512 x 512 x 512 and nearly all prefixes their own: far below 1 GB
  expect(10 * (512 + 512 ** 2 + 10e6 + 10e6) + 8 * 10e6).toBeLessThan(0.3e9);
});
