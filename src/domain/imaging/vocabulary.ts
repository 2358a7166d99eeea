import { COLOUR_NAMES } from './colour-names.js';
import type { Concept } from './concept.js';
import { contentWords } from './words.js';

/** The words with a place of their own in the condition; every other word acts through its text vector alone. */
export interface Vocabulary {
  readonly words: readonly string[];
  /** Several-word names known from the art, e.g. 'hot dog', that are encoded as one. */
  readonly phrases: readonly string[];
  readonly styles: readonly string[];
}

/** Label words, and tag words that at least two concepts share: a word of one concept teaches nothing beyond its label. */
export function buildVocabulary(concepts: readonly Concept[], styles: readonly string[]): Vocabulary {
  const sharedBy = new Map<string, number>();
  const labelWords = new Set<string>(COLOUR_NAMES);
  const phrases = new Set<string>();
  for (const { label, tags, group, subgroup } of concepts) {
    for (const word of contentWords(label)) labelWords.add(word);
    const words = new Set([...tags, group, subgroup].flatMap(contentWords));
    for (const word of words) sharedBy.set(word, (sharedBy.get(word) ?? 0) + 1);
    for (const text of [label, ...tags]) {
      const words = contentWords(text);
      if (words.length > 1) phrases.add(words.join(' '));
    }
  }
  const shared = [...sharedBy].filter(([, count]) => count >= 2).map(([word]) => word);
  return { words: [...new Set([...labelWords, ...shared])].sort(), phrases: [...phrases].sort(), styles };
}

/** Cuts a text into what is encoded as one: the longest known phrases first, then single words. */
export function unitsOf(text: string, phrases: ReadonlySet<string>): string[] {
  const words = contentWords(text);
  const units: string[] = [];
  for (let at = 0; at < words.length;) {
    const length =
      [4, 3, 2].find((n) => phrases.has(words.slice(at, at + n).join(' ')) && at + n <= words.length) ?? 1;
    units.push(words.slice(at, at + length).join(' '));
    at += length;
  }
  return units;
}
