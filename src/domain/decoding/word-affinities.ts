import { type FacetIndex, trigramsOf, wordsOf } from './facet-index.js';

/** Something said, and how much it counts. */
export interface Wish {
  readonly text: string;
  readonly weight: number;
}

/** Below this, words that share letters mean different things more often than not ("card", "car": 0.57 of letters, other things). */
const ALIKE = 0.6;

/**
 * How much each word of the catalogue is wanted: what a language model's next-token probabilities are to TransRec. A word that
 * was said counts fully, one that is spelt alike by its share of common trigrams (Dice); the strongest wish for a word holds.
 */
export function wordAffinities(index: FacetIndex, wishes: readonly Wish[]): Map<number, number> {
  const affinities = new Map<number, number>();
  const raise = (word: number, by: number) => affinities.set(word, Math.max(by, affinities.get(word) ?? 0));
  for (const { text, weight } of wishes) {
    for (const word of wordsOf(text)) {
      const known = index.numberOf.get(word);
      if (known !== undefined) raise(known, weight);
      for (const [alike, share] of alikeWords(index, word)) raise(alike, weight * share);
    }
  }
  return affinities;
}

/** Words of the catalogue that are spelt like this one but are not it, with their Dice coefficient. */
function alikeWords({ words, byTrigram }: FacetIndex, word: string): [number, number][] {
  const own = trigramsOf(word);
  const common = new Map<number, number>();
  for (const trigram of own) {
    for (const other of byTrigram.get(trigram) ?? []) common.set(other, (common.get(other) ?? 0) + 1);
  }
  return (
    [...common]
      // the other has `count` trigrams at least: most candidates fall here, before theirs are made
      .filter(([other, count]) => (2 * count) / (own.size + count) >= ALIKE && words[other] !== word)
      .map(([other, count]): [number, number] => [
        other,
        (2 * count) / (own.size + trigramsOf(words[other] ?? '').size),
      ])
      .filter(([, share]) => share >= ALIKE)
  );
}
