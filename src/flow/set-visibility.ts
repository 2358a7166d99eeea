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
  if (item?.ownerId !== viewer.id || item.origin !== 'GENERATED') throw notYours();
  if (visibility === 'HIDDEN')
    throw new DomainError('INVALID_INPUT', 'PRIVATE, UNLISTED or PUBLIC was wanted, HIDDEN came', {
      path: ['visibility'],
    });
  await transaction(async (tx) => {
    const was = await tx.works.setVisibility(itemId, visibility);
    if (was === null) throw notYours(); // hidden: deleted, or taken down. Sharing must not bring it back
    if (shareRecipe !== null) await tx.works.setRecipeShared(itemId, shareRecipe);
    await tx.galleryLog.append({
      ...{ kind: 'UPDATED' as const, itemId, ownerId: viewer.id, visibility, at: clock.now() },
      ...(was === visibility ? {} : { was }),
    });
  });
  return { ...item, visibility };
}

const notYours = () => new DomainError('NOT_FOUND', 'no work of yours has this id', { path: ['itemId'] });
