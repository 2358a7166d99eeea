import { expect, test } from '@jest/globals';
import type { CatalogueId, ItemId } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import { attributeValues } from './attribute-values.js';
import type { RankerPool, RankingView } from './ranking-view.js';

const item = (id: string, facts: Pick<Item, 'origin' | 'topics' | 'attributes'>) =>
  [id as ItemId, { id, ...facts } as unknown as Item] as const;

const items = new Map([
  item('1', { origin: 'HUMAN', topics: ['fox', 'animal'], attributes: { style: 'soft' } }),
  item('2', { origin: 'HUMAN', topics: ['animal'], attributes: { style: 'flat' } }),
  item('3', { origin: 'HUMAN', topics: [], attributes: { style: 'soft' } }),
  item('4', { origin: 'GENERATED', topics: ['my secret'], attributes: { style: 'mine' } }),
]);
const rankers: RankerPool = { view: () => Promise.resolve({ items } as unknown as RankingView) };
const valuesOf = (attribute: string) => attributeValues({ rankers }, 'c' as CatalogueId, attribute);

test('values come most frequent first, and never from what people generated', async () => {
  await expect(valuesOf('style')).resolves.toEqual(['soft', 'flat']);
  await expect(valuesOf('topic')).resolves.toEqual(['animal', 'fox']);
});

test('a fact that nothing has gives no values', async () => {
  await expect(valuesOf('weight')).resolves.toEqual([]);
});
