import { seededRandom } from '../random.js';
import { type SemanticIds } from './residual-kmeans.js';
import { buildTrie, nodesAt } from './trie.js';

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
