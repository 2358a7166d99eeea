import { seededRandom } from '../random.js';
import { buildTrie } from '../semantic-ids/trie.js';
import { chosenLogProbs } from './chosen-log-probs.js';
import { codeChoices } from './code-choices.js';
import { exactLogProbs } from './exact-scoring.js';

const RADIX = [6, 6, 6, 3];

test('a few items have the log-probabilities that they have among all, whatever the tree', () => {
  for (let seed = 0; seed < 20; seed++) {
    const random = seededRandom(seed);
    const codes = new Set<string>();
    while (codes.size < 100) codes.add(RADIX.map((values) => random.int(values)).join('.'));
    const digits = Uint16Array.from([...codes].flatMap((code) => code.split('.').map(Number)));
    const choices = codeChoices(buildTrie({ itemCount: 100, levels: 4, radix: RADIX, digits }));
    const logits = Float32Array.from({ length: choices.count }, () => 3 * random.normal());
    const scores = { logits, exps: logits.map(Math.exp) };
    const items = Int32Array.from({ length: 1 + random.int(20) }, () => random.int(100));
    const all = exactLogProbs(choices, scores);
    const few = chosenLogProbs(choices, items)(scores);
    expect([...few]).toEqual(Array.from(items, (item) => all[item]));
  }
});

test('an item that the tree leaves out cannot come', () => {
  const digits = Uint16Array.of(0, 0, 0, 1, 1, 0);
  const trie = buildTrie({ itemCount: 3, levels: 2, radix: [2, 2], digits });
  const choices = codeChoices(trie);
  const ofItem = choices.ofItem.slice();
  ofItem[1] = choices.count + 1;
  const logits = new Float32Array(choices.count);
  const scores = { logits, exps: logits.map(Math.exp) };
  expect([...chosenLogProbs({ ...choices, ofItem }, Int32Array.of(0, 1))(scores)]).toEqual([
    Math.fround(Math.log(1 / 4)),
    -Infinity,
  ]);
});
