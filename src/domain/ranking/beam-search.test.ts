import { must } from '../../../test/support/must.js';
import { seededRandom } from '../random.js';
import { trieMask } from '../semantic-ids/trie-mask.js';
import { buildTrie, nodesAt, type Trie } from '../semantic-ids/trie.js';
import { beamSearch, type DigitLogits } from './beam-search.js';
import { codeChoices } from './code-choices.js';
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
  return { trie, logits, logitsOf, exact: exactly(trie, logits) };
}

/** The exact scores by their choices alone, as the server has them. */
function exactly(trie: Trie, logits: readonly Float32Array[]) {
  const choices = codeChoices(trie);
  const own = Float32Array.from(
    choices.nodes.flatMap((nodes, level) => Array.from(nodes, (node) => logits[level]?.[node] ?? NaN)),
  );
  return exactLogProbs(choices, { logits: own, exps: own.map(Math.exp) });
}

/** The formula itself, item by item: Σ_l logit − log Σ e^logit over the siblings, along the path from the root. */
function slowly(trie: Trie, logits: readonly Float32Array[], item: number): number {
  let [node, sum] = [must(trie.leaves[item]), 0];
  for (const [level, own] of [...logits.entries()].reverse()) {
    const [parents, start] = [must(trie.parent[level]), must(trie.start[level])];
    const parent = must(parents[node]);
    const siblings = Array.from(own.subarray(start[parent], start[parent + 1]));
    sum += must(own[node]) - Math.log(siblings.reduce((all, logit) => all + Math.exp(logit), 0));
    node = parent;
  }
  return sum;
}

const order = (scores: Float32Array) =>
  Array.from(scores.keys()).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));

test('exact scores are the formula, though nodes without siblings are left out', () => {
  const { trie, logits, exact } = world('beams');
  exact.forEach((logProb, item) => expect(logProb).toBeCloseTo(slowly(trie, logits, item), 4));
  const { nodes, count } = codeChoices(trie);
  expect(count).toBe(nodes.reduce((sum, own) => sum + own.length, 0));
  expect(count).toBeLessThan(logits.reduce((sum, own) => sum + own.length, 0));
});

test('choices far below the rest of their level still share probability 1', () => {
  // codes 0.0, 0.1 and 1.0, 1.1, 2.0: exp(-200) is 0 in single precision
  const digits = Uint16Array.of(0, 0, 0, 1, 1, 0, 1, 1, 2, 0);
  const choices = codeChoices(buildTrie({ itemCount: 5, levels: 2, radix: [3, 2], digits }));
  const logits = Float32Array.of(0, 0, 0, 0, -1, -200, -201);
  const scores = exactLogProbs(choices, { logits, exps: logits.map(Math.exp) });
  expect(scores.reduce((sum, x) => sum + Math.exp(x), 0)).toBeCloseTo(1, 5);
  expect((scores[2] ?? NaN) - (scores[3] ?? NaN)).toBeCloseTo(1, 5);
});

test('a beam as wide as the catalogue is the exact ranking', async () => {
  const { trie, exact, logitsOf } = world('beams');
  const found = await beamSearch(trie, { width: nodesAt(trie, trie.levels), radix: RADIX, logitsOf });
  expect(found.length).toBe(ITEMS);
  found.forEach(({ item, logProb }) => expect(logProb).toBeCloseTo(exact[item] ?? NaN, 4));
  expect(found.slice(0, 20).map(({ item }) => item)).toEqual(order(exact).slice(0, 20));
});

test('probabilities over the catalogue sum to one, and a narrow beam never leaves it', async () => {
  const { trie, exact, logitsOf } = world('beams');
  expect(exact.reduce((s, x) => s + Math.exp(x), 0)).toBeCloseTo(1, 4);
  const items = await beamSearch(trie, { width: 7, radix: RADIX, logitsOf });
  expect(new Set(items.map(({ item }) => item)).size).toBe(7);
  items.forEach(({ item, logProb }) => expect(logProb).toBeCloseTo(exact[item] ?? NaN, 4));
});

test('a beam of 50 finds the ten likeliest of 300 in nearly every world', async () => {
  let same = 0;
  for (let seed = 0; seed < 20; seed++) {
    const { trie, exact, logitsOf } = world(`world ${seed}`);
    const found = await beamSearch(trie, { width: 50, radix: RADIX, logitsOf });
    const wanted = order(exact).slice(0, 10);
    if (wanted.every((item, i) => found[i]?.item === item)) same++;
  }
  expect(same).toBeGreaterThanOrEqual(18);
});

test('what is masked does not come out, and what is left keeps its probability', async () => {
  const { trie, exact, logitsOf } = world('beams');
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
