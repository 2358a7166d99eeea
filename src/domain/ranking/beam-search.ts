import type { TrieMask } from '../semantic-ids/trie-mask.js';
import { type Trie } from '../semantic-ids/trie.js';
import { bestFew } from './best-few.js';
import { childrenTotal, type DigitScores } from './children-total.js';

/** Partial codes of one history that all have the same number of digits. */
export interface Beams {
  readonly count: number;
  /** The trie node of each. */
  readonly nodes: Int32Array; // (count)
  /** digits[l]: the digit each chose at level l. */
  readonly digits: readonly Int32Array[]; // (count) each
  readonly logProbs: Float64Array; // (count)
}

export type DigitLogits = (beams: Beams) => DigitScores | Promise<DigitScores>;

export interface BeamSearchOptions {
  readonly width: number;
  readonly radix: readonly number[];
  readonly logitsOf: DigitLogits;
  /** Items that may not come out; the probabilities of the others stay what they are. */
  readonly mask?: TrieMask;
}

export interface FoundItem {
  readonly item: number;
  readonly logProb: number;
}

/**
 * The likeliest codes, best first, at most `width` of them. Beams only ever step to children in the trie, so an id outside the
 * catalogue cannot come out. A level costs `width` rows of logits and one comparison a child: nothing grows with the catalogue
 * but the number of children, which the radix bounds.
 */
export async function beamSearch(trie: Trie, options: BeamSearchOptions): Promise<FoundItem[]> {
  let beams: Beams = {
    count: 1,
    nodes: new Int32Array(1),
    digits: [],
    logProbs: new Float64Array(1),
  };
  for (let level = 0; level < trie.levels && beams.count > 0; level++) {
    const scores = hasChoice(trie, level, beams) ? await options.logitsOf(beams) : null;
    beams = step(trie, beams, scores, options);
  }
  return Array.from(beams.nodes, (node, i) => ({
    item: trie.items[node] as number,
    logProb: beams.logProbs[i] as number,
  }));
}

/** An only child has probability 1, and at the last level most are: a level of only children asks the model nothing. */
function hasChoice(trie: Trie, level: number, { nodes }: Beams): boolean {
  const start = trie.start[level] as Int32Array;
  return nodes.some((node) => (start[node + 1] as number) - (start[node] as number) > 1);
}

/** Extends all beams by one digit and keeps the best. `scored` is null where nobody has a choice. */
function step(trie: Trie, beams: Beams, scored: DigitScores | null, options: BeamSearchOptions): Beams {
  const level = beams.digits.length;
  const [start, digit] = [trie.start[level] as Int32Array, trie.digit[level] as Uint16Array];
  const radix = options.radix[level] as number;
  const few = bestFew(Math.min(options.width, widest(start, beams)));
  for (let beam = 0; beam < beams.count; beam++) {
    if ((beams.logProbs[beam] as number) < few.floor()) break; // best first, and a child is never likelier than its parent
    const node = beams.nodes[beam] as number;
    const [from, to] = [start[node] as number, start[node + 1] as number];
    const row = beam * radix;
    const choice = to - from > 1 ? scored : null;
    const total = choice === null ? 0 : childrenTotal(choice, digit, { row, from, to });
    const shift = (beams.logProbs[beam] as number) - total;
    for (let child = from; child < to; child++) {
      const score =
        choice === null ? shift : shift + (choice.logits[row + (digit[child] as number)] as number);
      if (score < few.floor() || options.mask?.isClosed(level + 1, child) === true) continue;
      few.push(score, child, beam);
    }
  }
  const { count, scores, keys, tags } = few.take();
  const before = beams.digits.map((own) => Int32Array.from(tags, (beam) => own[beam] as number));
  const chosen = Int32Array.from(keys, (child) => digit[child] as number);
  return { count, nodes: keys, digits: [...before, chosen], logProbs: scores };
}

/** How many children there are at all: an exhaustive width then asks for no more memory than that. */
function widest(start: Int32Array, { nodes }: Beams): number {
  return nodes.reduce((sum, node) => sum + (start[node + 1] as number) - (start[node] as number), 0);
}
