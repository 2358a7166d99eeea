import type { FacetIndex } from './facet-index.js';
import type { Matches } from './fm-index.js';

/** A stretch of words that stands somewhere in the catalogue. */
export interface GeneratedFacet {
  readonly words: readonly number[];
  readonly score: number;
  readonly matches: Matches;
}

const BEAMS = 64;
const LONGEST = 8;
/** What a word adds for standing right after the one before: "blue whale" is more than "blue" and "whale". */
const NEXT_TO = 0.25;

/**
 * Generates stretches of the catalogue's own strings, starting at any word (TransRec, Lin et al. 2024, section 3.2): a beam over
 * words, each step asking the FM-index which of the wanted words may follow. What comes out exists, so nothing has to be matched
 * afterwards. score = Σ affinity · idf, and a quarter more for each word that follows on.
 */
export function generateFacets(index: FacetIndex, affinities: ReadonlyMap<number, number>): GeneratedFacet[] {
  const wanted = [...affinities].map(([word, affinity]) => ({ word, worth: affinity * idf(index, word) }));
  const all: GeneratedFacet[] = [];
  let beams: GeneratedFacet[] = [{ words: [], score: 0, matches: index.fm.everywhere }];
  for (let length = 1; length <= LONGEST && beams.length > 0; length++) {
    beams = beams
      .flatMap((beam) => wanted.map((next) => grown(index, beam, next)))
      .filter(({ matches }) => matches.to > matches.from)
      .sort((a, b) => b.score - a.score)
      .slice(0, BEAMS);
    all.push(...beams);
  }
  return all.sort((a, b) => b.score - a.score);
}

function grown(
  { fm }: FacetIndex,
  { words, score, matches }: GeneratedFacet,
  { word, worth }: { readonly word: number; readonly worth: number },
): GeneratedFacet {
  const bonus = words.length === 0 ? 1 : 1 + NEXT_TO;
  return { words: [...words, word], score: score + worth * bonus, matches: fm.extend(matches, word) };
}

/** Words that stand in every second string say little of any of them. */
function idf({ fm, strings }: FacetIndex, word: number): number {
  return Math.log(1 + strings.length / Math.max(1, fm.count(word)));
}
