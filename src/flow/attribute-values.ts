import type { CatalogueId } from '../domain/ids.js';
import type { RankerPool } from './ranking-view.js';

/** More would no longer be a choice to put before a person. */
const MOST = 50;

/**
 * The values that a named fact (or `topic`) takes in a catalogue, most frequent first: choices of style, suggestions for
 * a profile. What people generated is left out, because its words are their own.
 */
export async function attributeValues(
  { rankers }: { readonly rankers: RankerPool },
  catalogueId: CatalogueId,
  attribute: string,
): Promise<string[]> {
  const { items } = await rankers.view(catalogueId);
  const counts = new Map<string, number>();
  for (const { origin, topics, attributes } of items.values()) {
    if (origin !== 'HUMAN') continue;
    const value = attributes[attribute];
    const values = attribute === 'topic' ? topics : value === undefined ? [] : [value];
    for (const each of values) counts.set(each, (counts.get(each) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, MOST)
    .map(([each]) => each);
}
