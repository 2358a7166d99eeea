import fc from 'fast-check';
import { facetIndex, type FacetText } from './facet-index.js';
import { generateFacets } from './generate-facets.js';
import { itemsByFacets } from './items-by-facets.js';
import { wordAffinities } from './word-affinities.js';

const strings: FacetText[] = [
  { item: 0, attribute: 'title', value: 'The Blue Whale' },
  { item: 0, attribute: 'topic', value: 'animals' },
  { item: 1, attribute: 'title', value: 'A whale, and a blue sky' },
  { item: 1, attribute: 'topic', value: 'weather' },
  { item: 2, attribute: 'title', value: 'Red house' },
  { item: 2, attribute: 'colour', value: 'red' },
];

function search(text: string, all: readonly FacetText[] = strings) {
  const index = facetIndex(all);
  return itemsByFacets(index, generateFacets(index, wordAffinities(index, [{ text, weight: 1 }])));
}

test('starts at any word, prefers words that stand together, and says what it found where', () => {
  const found = search('blue whale');
  expect(found.map(({ item }) => item)).toEqual([0, 1]);
  expect(found[0]?.found[0]).toMatchObject({ attribute: 'title', words: 'blue whale' });
});

test('several strings of an item add up, and no word counts twice', () => {
  const [red] = search('red');
  expect(red?.item).toBe(2);
  expect(red?.found.map(({ attribute }) => attribute)).toEqual(['title', 'colour']);
  expect(red?.score).toBeCloseTo(2 * Math.log(1 + 6 / 2), 6);
  expect(search('red house')[0]?.found.filter(({ attribute }) => attribute === 'title')).toHaveLength(1);
});

test('finds words spelt alike, and nothing for words that nobody has', () => {
  expect(search('whales')[0]?.found[0]?.words).toBe('whale');
  expect(search('hammer')).toEqual([]);
  expect(search('  ,;')).toEqual([]);
});

test('every stretch that is generated stands in a string of the item it leads to', () => {
  const word = fc.constantFrom('ant', 'bee', 'cat', 'dog', 'elk');
  const sentence = fc.array(word, { minLength: 1, maxLength: 6 }).map((all) => all.join(' '));
  fc.assert(
    fc.property(fc.array(sentence, { minLength: 1, maxLength: 6 }), sentence, (values, text) => {
      const all = values.map((value, item) => ({ item, attribute: 'title', value }));
      const items = search(text, all);
      const wanted = new Set(text.split(' '));
      const expected = all.filter(({ value }) => value.split(' ').some((one) => wanted.has(one)));
      expect(items.map(({ item }) => item).sort()).toEqual(expected.map(({ item }) => item));
      for (const { item, found } of items)
        for (const { words } of found) expect(` ${values[item] ?? ''} `).toContain(` ${words} `);
    }),
  );
});
