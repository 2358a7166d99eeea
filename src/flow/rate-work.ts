import { DomainError } from '../domain/errors.js';
import type { ItemId } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import type { Person } from '../domain/person.js';
import type { Ports } from './ports.js';
import { visibleItems } from './visible-items.js';

/** Rates content 1 to 5, or takes the rating back (null); a rating is also an event that the ranker learns from. Safe to repeat. */
export async function rateWork(
  { stores, transaction, clock, ids }: Pick<Ports, 'stores' | 'transaction' | 'clock' | 'ids'>,
  viewer: Person,
  itemId: ItemId,
  value: number | null,
): Promise<Item> {
  if (value !== null && !(Number.isInteger(value) && value >= 1 && value <= 5))
    throw new DomainError('INVALID_INPUT', `value: a whole number from 1 to 5 was wanted, ${value} came`, {
      path: ['value'],
      constraint: '1..5',
    });
  const item = (await visibleItems({ stores }, viewer, [itemId])).get(itemId);
  if (item === undefined) throw new DomainError('NOT_FOUND', 'no content has this id', { path: ['itemId'] });
  const at = clock.now();
  await transaction(async (tx) => {
    const before = (await tx.ratings.ofPerson(viewer.id, [itemId])).get(itemId) ?? null;
    if (before === value) return;
    await tx.ratings.set(viewer.id, itemId, value, at);
    if (value === null) return;
    const event = {
      personId: viewer.id,
      itemId,
      type: 'RATE',
      value,
      requestId: null,
      position: null,
    } as const;
    await tx.events.appendAll([{ ...event, clientEventId: `rating-${ids.next()}`, at }]);
  });
  return item;
}
