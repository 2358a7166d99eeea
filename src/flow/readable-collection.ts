import type { Collection } from '../domain/collection.js';
import { DomainError } from '../domain/errors.js';
import type { CollectionId } from '../domain/ids.js';
import type { Person } from '../domain/person.js';
import type { Ports } from './ports.js';

/** A collection of the viewer's own; somebody else's is as absent as one that does not exist. */
export async function readableCollection(
  { stores }: Pick<Ports, 'stores'>,
  viewer: Person,
  id: CollectionId,
  path: readonly string[],
): Promise<Collection> {
  const [collection] = await stores.collections.byIds([id]);
  if (collection?.ownerId === viewer.id) return collection;
  throw new DomainError('NOT_FOUND', `${path.join('.')}: no collection of yours has this id`, { path });
}
