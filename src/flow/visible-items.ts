import type { ItemId, PersonId } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import type { Ports } from './ports.js';

/** Who may see an item: everybody the public and unlisted ones, only its owner the private ones, nobody the hidden ones. */
export function maySee(item: Item, viewerId: PersonId | null): boolean {
  switch (item.visibility) {
    case 'PUBLIC':
    case 'UNLISTED':
      return true;
    case 'PRIVATE':
      return viewerId !== null && item.ownerId === viewerId;
    case 'HIDDEN':
      return false;
  }
}

/** The only way content is read by id: what the viewer may not see is as absent as what does not exist. */
export async function visibleItems(
  { stores }: Pick<Ports, 'stores'>,
  viewer: { readonly id: PersonId } | null,
  ids: readonly ItemId[],
): Promise<Map<ItemId, Item>> {
  const items = await stores.items.byIds([...new Set(ids)]);
  return new Map(items.filter((item) => maySee(item, viewer?.id ?? null)).map((item) => [item.id, item]));
}
