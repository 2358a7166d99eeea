import { contentWords, singular } from './words.js';
import { buildVocabulary, unitsOf } from './vocabulary.js';

test('content words are lower case, singular, without accents and silent words', () => {
  expect(contentWords('Draw me a Cat, with TWO crowns & a café!')).toEqual(['cat', 'two', 'crown', 'cafe']);
});

test('words that only look plural keep their s', () => {
  expect(['bus', 'glass', 'cherries', 'boxes', 'cactus', 'apples'].map(singular)).toEqual([
    'bus',
    'glass',
    'cherry',
    'box',
    'cactus',
    'apple',
  ]);
});

test('known phrases are cut as one unit, longest first', () => {
  const phrases = new Set(['hot dog', 'ice cream', 'soft ice cream']);
  expect(unitsOf('a hot dog with soft ice cream and hot sauce', phrases)).toEqual([
    'hot dog',
    'soft ice cream',
    'hot',
    'sauce',
  ]);
});

test('the vocabulary has every label word and those tags that two concepts share', () => {
  const concept = (label: string, tags: string[]) => ({ label, tags, group: 'food', subgroup: 'fruit' });
  const { words, phrases } = buildVocabulary(
    [concept('red apple', ['crisp', 'sweet']), concept('pear', ['sweet'])],
    [],
  );
  expect(words).toEqual(expect.arrayContaining(['apple', 'pear', 'sweet', 'fruit', 'blue']));
  expect(words).not.toContain('crisp');
  expect(phrases).toEqual(['red apple']);
});
