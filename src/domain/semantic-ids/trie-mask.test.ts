import { trieMask } from './trie-mask.js';
import { buildTrie } from './trie.js';

// codes: 0.0, 0.1, 1.0
const trie = buildTrie({
  itemCount: 3,
  levels: 2,
  radix: [2, 2],
  digits: Uint16Array.from([0, 0, 0, 1, 1, 0]),
});

test('a branch closes with its last item, not before', () => {
  const mask = trieMask(trie, [0]);
  expect([mask.isClosed(2, 0), mask.isClosed(1, 0)]).toEqual([true, false]);
  const both = trieMask(trie, [0, 1]);
  expect([both.isClosed(1, 0), both.isClosed(1, 1)]).toEqual([true, false]);
});

test('an item that the trie leaves out closes nothing', () => {
  const mask = trieMask(trie, [7]);
  expect([0, 1].some((node) => mask.isClosed(1, node))).toBe(false);
});
