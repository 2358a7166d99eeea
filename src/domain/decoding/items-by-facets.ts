import type { FacetIndex } from './facet-index.js';
import type { GeneratedFacet } from './generate-facets.js';

export interface FoundByFacets {
  readonly item: number;
  readonly score: number;
  /** What was found in which of its strings, best first. */
  readonly found: readonly { readonly attribute: string; readonly words: string; readonly score: number }[];
}

/** Places of one stretch that are looked at; a word in so many strings decides nothing. */
const MOST_PLACES = 50_000;

/**
 * Aggregated grounding (TransRec, section 3.3): an item's score is the sum over its strings of the stretches found in them. The
 * best stretches come first and take their places, so that no word of a string counts twice. Best first; ties by item number.
 */
export function itemsByFacets(index: FacetIndex, facets: readonly GeneratedFacet[]): FoundByFacets[] {
  const taken = new Uint8Array(index.text.length);
  const items = new Map<number, { score: number; found: FoundByFacets['found'][number][] }>();
  for (const { words, score, matches } of facets) {
    const value = words.map((word) => index.words[word]).join(' ');
    for (const at of index.fm.positions(matches).subarray(0, MOST_PLACES)) {
      if (taken.subarray(at, at + words.length).some((one) => one === 1)) continue;
      taken.fill(1, at, at + words.length);
      const string = index.strings[index.stringAt[at] as number];
      if (string === undefined) continue;
      const known = items.get(string.item) ?? { score: 0, found: [] };
      known.score += score;
      known.found.push({ attribute: string.attribute, words: value, score });
      items.set(string.item, known);
    }
  }
  return [...items]
    .map(([item, { score, found }]) => ({ item, score, found }))
    .sort((a, b) => b.score - a.score || a.item - b.item);
}
