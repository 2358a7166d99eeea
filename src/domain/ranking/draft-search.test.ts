import { seededRandom } from '../random.js';
import { trieMask } from '../semantic-ids/trie-mask.js';
import { buildTrie, nodesAt } from '../semantic-ids/trie.js';
import { codeChoices } from './code-choices.js';
import { draftSearch } from './draft-search.js';
import { exactLogProbs } from './exact-scoring.js';
import type { PathScores } from './path-scorer.js';
import { topItems } from './top-items.js';

const ITEMS = 900;
const RADIX = [12, 12, 12, 3];

/** Logits drawn per node of the trie; `sharpness` 0 makes all siblings alike. `rows` counts what the model was asked. */
function world(seed: string, sharpness = 2) {
  const random = seededRandom(seed);
  const codes = new Set<string>();
  while (codes.size < ITEMS) codes.add(RADIX.map((values) => random.int(values)).join('.'));
  const digits = Uint16Array.from([...codes].flatMap((c) => c.split('.').map(Number)));
  const trie = buildTrie({ itemCount: ITEMS, levels: 4, radix: RADIX, digits });
  const logits = RADIX.map((_, l) => {
    const own = random.fork(`level ${l}`);
    return Float32Array.from({ length: nodesAt(trie, l + 1) }, () => sharpness * own.normal());
  });
  const asked: number[][][] = [];
  const scoresOf: PathScores = (nodes) => {
    asked.push(nodes.map((own) => Array.from(own)));
    return Promise.resolve(
      RADIX.map((radix, level) => {
        const out = new Float32Array((nodes[level]?.length ?? 0) * radix).fill(99); // a digit that the trie lacks would win
        Array.from(nodes[level] ?? []).forEach((node, row) => {
          for (
            let child = trie.start[level]?.[node] ?? 0;
            child < (trie.start[level]?.[node + 1] ?? 0);
            child++
          )
            out[row * radix + (trie.digit[level]?.[child] ?? 0)] = logits[level]?.[child] ?? NaN;
        });
        return { logits: out, exps: out.map(Math.exp) };
      }),
    );
  };
  const choices = codeChoices(trie);
  const own = Float32Array.from(
    choices.nodes.flatMap((nodes, l) => [...nodes].map((n) => logits[l]?.[n] ?? NaN)),
  );
  const exact = exactLogProbs(choices, { logits: own, exps: own.map(Math.exp) });
  return { trie, scoresOf, exact, asked, random };
}

const drafted = (kind: string, { exact, random }: ReturnType<typeof world>) => {
  if (kind === 'none') return new Int32Array();
  if (kind === 'perfect') return topItems(exact, 20);
  if (kind === 'worst') return topItems(exact, ITEMS).slice(-64);
  return Int32Array.from({ length: 64 }, () => random.int(ITEMS));
};

test.each(['none', 'perfect', 'worst', 'random'])(
  'with a draft that is %s the likeliest items come out, whatever the world',
  async (kind) => {
    for (let seed = 0; seed < 30; seed++) {
      const own = world(`world ${seed}`, 0.5 + (seed % 5));
      const few = [1, 5, 20, 200][seed % 4] ?? 1;
      const { found, passes } = await draftSearch(own.trie, {
        ...{ few, radix: RADIX, scoresOf: own.scoresOf },
        drafts: drafted(kind, own),
      });
      expect(found.map(({ item }) => item)).toEqual([...topItems(own.exact, few)]);
      found.forEach(({ item, logProb }) => expect(logProb).toBeCloseTo(own.exact[item] ?? NaN, 4));
      expect(passes).toBe(own.asked.length);
    }
  },
);

test('no prefix is asked about twice, and a good draft asks about fewer than none', async () => {
  const rows: Record<string, number> = {};
  for (const kind of ['none', 'perfect']) {
    for (let seed = 0; seed < 10; seed++) {
      const own = world(`world ${seed}`, 3);
      const drafts = drafted(kind, own);
      const { accepted, found } = await draftSearch(own.trie, {
        ...{ few: 10, radix: RADIX, scoresOf: own.scoresOf, drafts },
      });
      const all = own.asked.flatMap((levels) =>
        levels.flatMap((nodes, level) => nodes.map((node) => `${level} ${node}`)),
      );
      expect(new Set(all).size).toBe(all.length);
      expect(accepted).toBe(kind === 'perfect' ? found.length : 0);
      rows[kind] = (rows[kind] ?? 0) + own.asked.length;
    }
  }
  expect(rows['perfect']).toBeLessThan(rows['none'] ?? 0);
});

test('where all items are alike, all of the catalogue is followed and comes out', async () => {
  const own = world('even', 0);
  const { found } = await draftSearch(own.trie, {
    ...{ few: 2 * ITEMS, radix: RADIX, scoresOf: own.scoresOf, drafts: Int32Array.of(3, 4, 5) },
  });
  expect(found).toHaveLength(ITEMS);
  expect(new Set(found.map(({ item }) => item)).size).toBe(ITEMS);
});

test('what is masked does not come out, drafted or not, and what is left keeps its probability', async () => {
  const own = world('masked');
  const taken = topItems(own.exact, 500);
  const { found, accepted } = await draftSearch(own.trie, {
    ...{ few: 10, radix: RADIX, scoresOf: own.scoresOf, drafts: taken.slice(0, 64) },
    mask: trieMask(own.trie, taken),
  });
  expect(found.map(({ item }) => item)).toEqual([...topItems(own.exact, 10, new Set(taken))]);
  found.forEach(({ item, logProb }) => expect(logProb).toBeCloseTo(own.exact[item] ?? NaN, 4));
  expect(accepted).toBe(0);
});

test('an item outside the trie cannot be drafted into the answer', async () => {
  const own = world('outside');
  const drafts = Int32Array.of(ITEMS, ITEMS + 7, -1, ...topItems(own.exact, 3));
  const { found } = await draftSearch(own.trie, { few: 5, radix: RADIX, scoresOf: own.scoresOf, drafts });
  expect(found.map(({ item }) => item)).toEqual([...topItems(own.exact, 5)]);
});
