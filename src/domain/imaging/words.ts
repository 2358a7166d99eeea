/** Words that carry no picture. Prepositions of place stay out too: a bag of words cannot hold who stands on whom. */
const SILENT = new Set(
  (
    'a an and are as at be by de for from had has have he her his i in into is it its like make me my of off on one or our out ' +
    'please she so some such than that the their them then there these they this those to too under up us very was we were ' +
    'which who will with without wearing you your picture image photo drawing illustration icon art style draw paint show'
  ).split(' '),
);

/** 'A Cat, with two CROWNS!' -> ['cat', 'two', 'crown']: lower case, no accents, naive singular. */
export function contentWords(text: string): string[] {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f’']/g, '')
    .split(/[^a-z]+/)
    .filter((word) => word.length > 1 && !SILENT.has(word))
    .map(singular);
}

/** Enough for English nouns as people type them; 'glasses' and 'bus' keep their s by rule. */
export function singular(word: string): string {
  if (word.length < 4 || /(ss|us|is)$/.test(word)) return word;
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(ch|sh|x|ss)es$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
}
