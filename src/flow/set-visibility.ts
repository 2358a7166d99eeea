import { DomainError } from '../domain/errors.js';
import type { ItemId } from '../domain/ids.js';
import type { Item, Visibility } from '../domain/item.js';
import type { Person } from '../domain/person.js';
import type { Ports } from './ports.js';

/** Shares or withdraws a work of one's own. A public one is content: it can be recommended and explained like any item. */
export async function setVisibility(
  { stores, transaction, clock }: Pick<Ports, 'stores' | 'transaction' | 'clock'>,
  viewer: Person,
  itemId: ItemId,
  { visibility, shareRecipe }: { readonly visibility: Visibility; readonly shareRecipe: boolean | null },
): Promise<Item> {
  const [item] = await stores.items.byIds([itemId]);
  // what is hidden was deleted, or taken down: sharing must not bring it back
  if (item?.ownerId !== viewer.id || item.origin !== 'GENERATED' || item.visibility === 'HIDDEN')
    throw new DomainError('NOT_FOUND', 'no work of yours has this id', { path: ['itemId'] });
  if (visibility === 'HIDDEN')
    throw new DomainError('INVALID_INPUT', 'PRIVATE, UNLISTED or PUBLIC was wanted, HIDDEN came', {
      path: ['visibility'],
    });
  await transaction(async (tx) => {
    await tx.items.setVisibility(itemId, visibility);
    if (shareRecipe !== null) await tx.works.setRecipeShared(itemId, shareRecipe);
    await tx.galleryLog.append({
      ...{ kind: 'UPDATED' as const, itemId, ownerId: viewer.id, visibility, at: clock.now() },
      ...(item.visibility === visibility ? {} : { was: item.visibility }),
    });
  });
  return { ...item, visibility };
}
