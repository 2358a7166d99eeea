import { DomainError } from '../domain/errors.js';
import type { ItemId } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import type { Person } from '../domain/person.js';
import type { Ports } from './ports.js';
import { visibleItems } from './visible-items.js';

/** Marks or unmarks a favourite; marking is also an event, so that the next answer knows. Safe to repeat. */
export async function setFavourite(
  { stores, transaction, clock, ids }: Pick<Ports, 'stores' | 'transaction' | 'clock' | 'ids'>,
  viewer: Person,
  itemId: ItemId,
  on: boolean,
): Promise<Item> {
  const item = (await visibleItems({ stores }, viewer, [itemId])).get(itemId);
  if (item === undefined) throw new DomainError('NOT_FOUND', 'no content has this id', { path: ['itemId'] });
  const at = clock.now();
  await transaction(async (tx) => {
    const was = (await tx.favourites.ofPerson(viewer.id, [itemId])).has(itemId);
    if (was === on) return;
    await tx.favourites.set(viewer.id, itemId, on, at);
    if (!on) return;
    await tx.events.appendAll([
      {
        clientEventId: `favourite-${ids.next()}`,
        personId: viewer.id,
        itemId,
        type: 'FAVOURITE',
        value: null,
        requestId: null,
        position: null,
        at,
      },
    ]);
  });
  return item;
}
