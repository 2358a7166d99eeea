import type { ItemId } from '../domain/ids.js';
import type { Person } from '../domain/person.js';
import type { Ports } from './ports.js';

/** Takes a deletion back, while its works are still there; returns those that came back. Safe to repeat. */
export async function restoreWorks(
  { transaction, clock }: Pick<Ports, 'transaction' | 'clock'>,
  viewer: Person,
  itemIds: readonly ItemId[],
): Promise<ItemId[]> {
  const at = clock.now();
  return transaction(async (tx) => {
    const back = await tx.deletions.restore(viewer.id, itemIds);
    for (const { itemId, visibility } of back)
      await tx.galleryLog.append({ kind: 'ADDED', itemId, ownerId: viewer.id, visibility, at });
    return back.map(({ itemId }) => itemId);
  });
}
