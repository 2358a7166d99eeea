import type { TrieMask } from '../semantic-ids/trie-mask.js';
import type { Trie } from '../semantic-ids/trie.js';
import { bestFew, type BestFew } from './best-few.js';
import type { FoundItem } from './beam-search.js';
import { childrenTotal, type DigitScores } from './children-total.js';
import { MOST_ROWS, type PathScores } from './path-scorer.js';

export interface DraftSearchOptions {
  /** How many items are wanted. */
  readonly few: number;
  readonly radix: readonly number[];
  readonly scoresOf: PathScores;
  /** Items that a cheap ranker thinks likely, likeliest first, of which 64 count; they decide how long it takes, never what comes out. */
  readonly drafts: Int32Array;
  /** Items that may not come out; the probabilities of the others stay what they are. */
  readonly mask?: TrieMask;
}

export interface DraftedItems {
  /** The likeliest items of the whole catalogue, best first. */
  readonly found: FoundItem[];
  /** How many of them had been drafted. */
  readonly accepted: number;
  /** Passes of the model: 1 where the draft alone could be proven. */
  readonly passes: number;
}

/** Prefixes of one length with their log-probabilities. */
interface Prefixes {
  nodes: number[];
  logProbs: number[];
}

interface Search {
  readonly trie: Trie;
  readonly few: number;
  readonly radix: readonly number[];
  readonly mask: TrieMask | undefined;
  readonly best: BestFew;
  /** Prefixes that were reached and not asked about yet, by level. */
  readonly open: Prefixes[]; // (levels)
  /** Prefixes that the first pass follows, by level: who reaches one of them has nothing left to do. */
  readonly drafted: readonly ReadonlySet<number>[]; // (levels)
  /** The few-th best score of the draft: what is below it can not be among the best. */
  atLeast: number;
}

/**
 * The exact few likeliest items by a draft and its proof (after AtSpeed, Lin et al. 2024, whose draft is a small language model; here
 * it is a list of items). One pass scores the prefixes of all drafted items, whatever their length. A prefix is at least as likely as
 * whatever it leads to, so while one that was not followed is as likely as the few-th best item, the likeliest of those are followed
 * in another pass; when none is left, the answer is proven.
 */
export async function draftSearch(trie: Trie, options: DraftSearchOptions): Promise<DraftedItems> {
  const { scoresOf, mask, radix } = options;
  const leaves = draftedLeaves(trie, options.drafts, mask);
  const few = Math.min(options.few, trie.items.length);
  const open = radix.map(() => ({ nodes: [], logProbs: [] }));
  const asked = draftedNodes(trie, leaves);
  const drafted = asked.map((nodes) => new Set(nodes));
  const search: Search = { trie, few, radix, mask, best: bestFew(few), open, drafted, atLeast: -Infinity };
  followDraft(search, { leaves, asked, scores: await scoresOf(asked) });
  let passes = 1;
  for (let next = takeLikeliest(search); next !== null; next = takeLikeliest(search)) {
    const scores = await scoresOf(next.map(({ nodes }) => nodes));
    const followed = next.map((own, level) => ({ ...own, shifts: shiftsOf(search, level, own, scores) }));
    follow(search, followed, scores);
    passes++;
  }
  const { scores: logProbs, keys } = search.best.take();
  const known = new Set(leaves);
  return {
    found: Array.from(keys, (leaf, i) => ({
      item: trie.items[leaf] as number,
      logProb: logProbs[i] as number,
    })),
    accepted: keys.filter((leaf) => known.has(leaf)).length,
    passes,
  };
}

function draftedLeaves(trie: Trie, drafts: Int32Array, mask: TrieMask | undefined): Int32Array {
  return drafts
    .map((item) => trie.leaves[item] ?? -1)
    .filter((leaf) => leaf >= 0 && mask?.isClosed(trie.levels, leaf) !== true)
    .subarray(0, MOST_ROWS);
}

/** The prefixes of the drafted items that leave a choice; the root, since every path begins there. */
function draftedNodes(trie: Trie, leaves: Int32Array): number[][] {
  const asked = trie.digit.map(() => [] as number[]);
  let nodes = leaves;
  for (let level = trie.levels - 1; level > 0; level--) {
    nodes = nodes.map((node) => trie.parent[level]?.[node] as number);
    asked[level] = [...new Set(nodes)].filter((node) => childCount(trie, level, node) > 1);
  }
  asked[0] = childCount(trie, 0, 0) > 1 ? [0] : [];
  return asked;
}

function childCount({ start }: Trie, level: number, node: number): number {
  const own = start[level] as Int32Array;
  return (own[node + 1] as number) - (own[node] as number);
}

/** logProb - log Σ e^logit of each prefix's children: what is added to a child's logit. */
function shiftsOf(
  { trie, radix }: Search,
  level: number,
  { nodes, logProbs }: Prefixes,
  scores: readonly DigitScores[],
): Float64Array {
  const [start, digit] = [trie.start[level] as Int32Array, trie.digit[level] as Uint16Array];
  return Float64Array.from(nodes, (node, row) => {
    const [from, to] = [start[node] as number, start[node + 1] as number];
    const place = { row: row * (radix[level] as number), from, to };
    return (logProbs[row] as number) - childrenTotal(scores[level] as DigitScores, digit, place);
  });
}

interface Verified {
  readonly leaves: Int32Array;
  readonly asked: readonly number[][]; // (levels)
  readonly scores: readonly DigitScores[]; // (levels)
}

/** Scores the drafted items before anything else: with a floor under the answer, little of what lies beside their paths is kept. */
function followDraft(search: Search, { leaves, asked, scores }: Verified): void {
  const { few } = search;
  let known = new Map([[0, 0]]);
  const followed = asked.map((nodes, level) => {
    const logProbs = nodes.map((node) => known.get(node) ?? 0);
    const shifts = shiftsOf(search, level, { nodes, logProbs }, scores);
    known = childrenOnPaths(search, { level, nodes, shifts, known, leaves }, scores[level] as DigitScores);
    return { nodes, logProbs, shifts };
  });
  const verified = Float64Array.from(known.values()).sort();
  if (verified.length >= few) search.atLeast = verified[verified.length - few] as number;
  follow(search, followed, scores);
}

interface Step {
  readonly level: number;
  readonly nodes: readonly number[];
  readonly shifts: Float64Array;
  readonly known: ReadonlyMap<number, number>;
  readonly leaves: Int32Array;
}

/** Log-probabilities of the nodes of level + 1 that lie on the way to drafted items. */
function childrenOnPaths(
  { trie, radix }: Search,
  { level, nodes, shifts, known, leaves }: Step,
  { logits }: DigitScores,
): Map<number, number> {
  const rows = new Map(nodes.map((node, row) => [node, row]));
  const out = new Map<number, number>();
  for (const leaf of leaves) {
    let child = leaf;
    for (let l = trie.levels - 1; l > level; l--) child = trie.parent[l]?.[child] as number;
    const node = trie.parent[level]?.[child] as number;
    const row = rows.get(node);
    const at = (row ?? 0) * (radix[level] as number) + (trie.digit[level]?.[child] as number);
    out.set(
      child,
      row === undefined ? (known.get(node) as number) : (shifts[row] as number) + (logits[at] as number),
    );
  }
  return out;
}

type Followed = Prefixes & { readonly shifts: Float64Array };

/** Reaches every child of these prefixes, longest first, since full codes raise the floor for all others. */
function follow(search: Search, followed: readonly Followed[], scores: readonly DigitScores[]): void {
  const { trie, radix } = search;
  for (let level = trie.levels - 1; level >= 0; level--) {
    const { nodes, shifts } = followed[level] as Followed;
    const [start, digit] = [trie.start[level] as Int32Array, trie.digit[level] as Uint16Array];
    const { logits } = scores[level] as DigitScores;
    nodes.forEach((node, row) => {
      const [at, shift, to] = [
        row * (radix[level] as number),
        shifts[row] as number,
        start[node + 1] as number,
      ];
      for (let child = start[node] as number; child < to; child++) {
        const logProb = shift + (logits[at + (digit[child] as number)] as number);
        if (logProb >= floorOf(search)) reach(search, level + 1, child, logProb);
      }
    });
  }
}

function floorOf({ best, atLeast }: Search): number {
  return Math.max(best.floor(), atLeast);
}

/** Keeps a node that is likely enough: a leaf as an answer, another one as a prefix to be followed. An only child is as likely as its parent. */
function reach(search: Search, level: number, node: number, logProb: number): void {
  const { trie, best, open, mask, drafted } = search;
  if (mask?.isClosed(level, node) === true || drafted[level]?.has(node) === true) return;
  if (level === trie.levels) best.push(logProb, node, 0);
  else if (childCount(trie, level, node) === 1)
    reach(search, level + 1, trie.start[level]?.[node] as number, logProb);
  else {
    open[level]?.nodes.push(node);
    open[level]?.logProbs.push(logProb);
  }
}

/** Takes the likeliest open prefixes of each level, as many as a pass holds; null when none can lead to one of the best any more. */
function takeLikeliest(search: Search): Prefixes[] | null {
  const floor = floorOf(search);
  const taken = search.open.map((own, level) => {
    const few = bestFew(MOST_ROWS);
    own.nodes.forEach((node, i) => few.push(own.logProbs[i] as number, node, i));
    const { count, scores, keys, tags } = few.take();
    const chosen = new Set(tags.subarray(0, count));
    search.open[level] = kept(own, (i) => !chosen.has(i) && (own.logProbs[i] as number) >= floor);
    const likely = scores.findLastIndex((score) => score >= floor) + 1;
    return { nodes: [...keys.subarray(0, likely)], logProbs: [...scores.subarray(0, likely)] };
  });
  return taken.some(({ nodes }) => nodes.length > 0) ? taken : null;
}

function kept({ nodes, logProbs }: Prefixes, isKept: (i: number) => boolean): Prefixes {
  return { nodes: nodes.filter((_, i) => isKept(i)), logProbs: logProbs.filter((_, i) => isKept(i)) };
}
