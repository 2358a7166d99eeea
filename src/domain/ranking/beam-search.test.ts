import { seededRandom } from '../random.js';
import { trieMask } from '../semantic-ids/trie-mask.js';
import { buildTrie, nodesAt } from '../semantic-ids/trie.js';
import { beamSearch, type DigitLogits } from './beam-search.js';
import { exactLogProbs } from './exact-scoring.js';

const ITEMS = 300;
const RADIX = [8, 8, 8, 2];

/** Logits drawn per node of the trie: `logits` as exact scoring reads them, `logitsOf` as beam search asks for them. */
function world(seed: string) {
  const random = seededRandom(seed);
  const codes = new Set<string>();
  while (codes.size < ITEMS) codes.add(RADIX.map((values) => random.int(values)).join('.'));
  const digits = Uint16Array.from([...codes].flatMap((c) => c.split('.').map(Number)));
  const trie = buildTrie({ itemCount: ITEMS, levels: 4, radix: RADIX, digits });
  const logits = RADIX.map((_, l) => {
    const own = random.fork(`level ${l}`);
    return Float32Array.from({ length: nodesAt(trie, l + 1) }, () => 2 * own.normal());
  });
  const logitsOf: DigitLogits = ({ nodes, digits: before }) => {
    const level = before.length;
    const radix = RADIX[level] ?? 0;
    const out = new Float32Array(nodes.length * radix).fill(99); // a digit that the trie lacks would win
    nodes.forEach((node, row) => {
      for (let child = trie.start[level]?.[node] ?? 0; child < (trie.start[level]?.[node + 1] ?? 0); child++)
        out[row * radix + (trie.digit[level]?.[child] ?? 0)] = logits[level]?.[child] ?? NaN;
    });
    return { logits: out, exps: out.map(Math.exp) };
  };
  return { trie, logits, logitsOf };
}

const order = (scores: Float32Array) =>
  Array.from(scores.keys()).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));

test('a beam as wide as the catalogue is the exact ranking', async () => {
  const { trie, logits, logitsOf } = world('beams');
  const found = await beamSearch(trie, { width: nodesAt(trie, trie.levels), radix: RADIX, logitsOf });
  const exact = exactLogProbs(trie, logits);
  expect(found.length).toBe(ITEMS);
  found.forEach(({ item, logProb }) => expect(logProb).toBeCloseTo(exact[item] ?? NaN, 4));
  expect(found.slice(0, 20).map(({ item }) => item)).toEqual(order(exact).slice(0, 20));
});

test('probabilities over the catalogue sum to one, and a narrow beam never leaves it', async () => {
  const { trie, logits, logitsOf } = world('beams');
  const exact = exactLogProbs(trie, logits);
  expect(exact.reduce((s, x) => s + Math.exp(x), 0)).toBeCloseTo(1, 4);
  const items = await beamSearch(trie, { width: 7, radix: RADIX, logitsOf });
  expect(new Set(items.map(({ item }) => item)).size).toBe(7);
  items.forEach(({ item, logProb }) => expect(logProb).toBeCloseTo(exact[item] ?? NaN, 4));
});

test('a beam of 50 finds the ten likeliest of 300 in nearly every world', async () => {
  let same = 0;
  for (let seed = 0; seed < 20; seed++) {
    const { trie, logits, logitsOf } = world(`world ${seed}`);
    const found = await beamSearch(trie, { width: 50, radix: RADIX, logitsOf });
    const wanted = order(exactLogProbs(trie, logits)).slice(0, 10);
    if (wanted.every((item, i) => found[i]?.item === item)) same++;
  }
  expect(same).toBeGreaterThanOrEqual(18);
});

test('what is masked does not come out, and what is left keeps its probability', async () => {
  const { trie, logits, logitsOf } = world('beams');
  const exact = exactLogProbs(trie, logits);
  const taken = order(exact).slice(0, 250);
  const mask = trieMask(trie, taken);
  const found = await beamSearch(trie, { width: 10, radix: RADIX, logitsOf, mask });
  expect(found.length).toBe(10);
  found.forEach(({ item, logProb }) => {
    expect(taken).not.toContain(item);
    expect(logProb).toBeCloseTo(exact[item] ?? NaN, 4);
  });
  const all = trieMask(trie, exact.keys());
  expect(await beamSearch(trie, { width: 10, radix: RADIX, logitsOf, mask: all })).toEqual([]);
});

test('children far below the rest of their row still share probability 1', async () => {
  const trie = buildTrie({ itemCount: 2, levels: 1, radix: [3], digits: Uint16Array.of(1, 2) });
  const logits = Float32Array.of(0, -200, -201); // digit 0 leads nowhere, and exp(-200) is 0 in single precision
  const logitsOf: DigitLogits = () => ({ logits, exps: logits.map(Math.exp) });
  const found = await beamSearch(trie, { width: 2, radix: [3], logitsOf });
  expect(found.map(({ item }) => item)).toEqual([0, 1]);
  expect(found[0]?.logProb).toBeCloseTo(-Math.log(1 + Math.exp(-1)), 5);
});
