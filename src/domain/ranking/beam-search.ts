import { nodesAt, type Trie } from '../semantic-ids/trie.js';

/** One partial code of one history: a node of the trie. */
export interface Prefix {
  readonly history: number;
  readonly node: number;
}

/** Log-probabilities of the children of each prefix (in the trie's order), for prefixes that all have `level` digits. */
export type NextLogProbs = (
  level: number,
  prefixes: readonly Prefix[],
) => readonly Float32Array[] | Promise<readonly Float32Array[]>;

export interface Beam extends Prefix {
  readonly logProb: number;
}

export interface FoundItem {
  readonly item: number;
  readonly logProb: number;
}

/**
 * The likeliest codes of each history, best first, at most `width` of them. Beams only ever step to children in the trie, so an
 * id outside the catalogue cannot come out; all histories are extended together, one call per level.
 */
export async function beamSearch(
  trie: Trie,
  histories: number,
  width: number,
  nextLogProbs: NextLogProbs,
): Promise<FoundItem[][]> {
  let beams: Beam[][] = Array.from({ length: histories }, (_, history) => [{ history, node: 0, logProb: 0 }]);
  for (let level = 0; level < trie.levels; level++) {
    const flat = beams.flat();
    const children = await nextLogProbs(level, flat);
    const grown = flat.map((beam, i) => extend(trie, level, beam, children[i] as Float32Array));
    beams = groupByHistory(flat, grown, histories).map((all) => best(all, width));
  }
  return beams.map((found) =>
    found.map(({ node, logProb }) => ({ item: trie.items[node] as number, logProb })),
  );
}

/** A width that keeps every prefix: beam search is then the exact ranking. */
export function exhaustiveWidth(trie: Trie): number {
  return nodesAt(trie, trie.levels);
}

function extend(trie: Trie, level: number, beam: Beam, logProbs: Float32Array): Beam[] {
  const first = trie.start[level]?.[beam.node] as number;
  return Array.from(logProbs, (logProb, child) => ({
    history: beam.history,
    node: first + child,
    logProb: beam.logProb + logProb,
  }));
}

function groupByHistory(flat: readonly Beam[], grown: readonly Beam[][], histories: number): Beam[][] {
  const groups: Beam[][] = Array.from({ length: histories }, () => []);
  flat.forEach(({ history }, i) => groups[history]?.push(...(grown[i] ?? [])));
  return groups;
}

function best(beams: Beam[], width: number): Beam[] {
  return beams.sort((a, b) => b.logProb - a.logProb || a.node - b.node).slice(0, width);
}
