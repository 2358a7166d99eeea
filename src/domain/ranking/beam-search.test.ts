import { seededRandom } from '../random.js';
import { buildTrie, nodesAt } from '../semantic-ids/trie.js';
import { beamSearch, exhaustiveWidth, type NextLogProbs } from './beam-search.js';
import { exactLogProbs, logSumExp } from './exact-scoring.js';

const ITEMS = 300;

function world() {
  const random = seededRandom('beams');
  const codes = new Set<string>();
  while (codes.size < ITEMS)
    codes.add([random.int(8), random.int(8), random.int(8), random.int(2)].join('.'));
  const digits = Uint16Array.from([...codes].flatMap((c) => c.split('.').map(Number)));
  const trie = buildTrie({ itemCount: ITEMS, levels: 4, radix: [8, 8, 8, 2], digits });
  const logitsOf = (history: number) =>
    Array.from({ length: 4 }, (_, l) => {
      const own = random.fork(`${history}-${l}`);
      return Float32Array.from({ length: nodesAt(trie, l + 1) }, () => 2 * own.normal());
    });
  const logits = [logitsOf(0), logitsOf(1), logitsOf(2)];
  const next: NextLogProbs = (level, prefixes) =>
    prefixes.map(({ history, node }) => {
      const [from, to] = Array.from(trie.start[level]?.subarray(node, node + 2) ?? []) as [number, number];
      const own = logits[history]?.[level] ?? new Float32Array();
      const total = logSumExp(own, from, to);
      return own.slice(from, to).map((x) => x - total);
    });
  return { trie, logits, next };
}

test('a beam as wide as the catalogue is the exact ranking', async () => {
  const { trie, logits, next } = world();
  const found = await beamSearch(trie, 3, exhaustiveWidth(trie), next);
  found.forEach((items, history) => {
    const exact = exactLogProbs(trie, logits[history] ?? []);
    expect(items.length).toBe(ITEMS);
    items.forEach(({ item, logProb }) => expect(logProb).toBeCloseTo(exact[item] ?? NaN, 4));
    const order = Array.from(exact.keys()).sort((a, b) => (exact[b] ?? 0) - (exact[a] ?? 0));
    expect(items.slice(0, 20).map(({ item }) => item)).toEqual(order.slice(0, 20));
  });
});

test('probabilities over the catalogue sum to one, and a narrow beam never leaves it', async () => {
  const { trie, logits, next } = world();
  const exact = exactLogProbs(trie, logits[0] ?? []);
  expect(exact.reduce((s, x) => s + Math.exp(x), 0)).toBeCloseTo(1, 4);
  for (const items of await beamSearch(trie, 3, 7, next)) {
    expect(items.length).toBe(7);
    expect(new Set(items.map(({ item }) => item)).size).toBe(7);
    items.forEach(({ item }) => expect(item >= 0 && item < ITEMS).toBe(true));
  }
});
