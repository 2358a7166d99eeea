import { DomainError } from '../domain/errors.js';
import type { ItemId } from '../domain/ids.js';
import type { Person } from '../domain/person.js';
import type { Ports } from './ports.js';
import type { GalleryFilter, GalleryPage } from './ports/stores.js';

/** The viewer's own works and the public ones that match every given filter, newest first. */
export function searchGallery(
  { stores }: Pick<Ports, 'stores'>,
  viewer: Person,
  filter: GalleryFilter,
  page: { readonly first: number; readonly after?: { readonly createdAt: Date; readonly itemId: ItemId } },
): Promise<GalleryPage> {
  if (!Number.isInteger(page.first) || page.first < 1 || page.first > 100)
    throw new DomainError('INVALID_INPUT', `first: 1 to 100 was wanted, ${page.first} came`, {
      path: ['first'],
    });
  if ((filter.text ?? '').length > 200)
    throw new DomainError('INVALID_INPUT', 'text: at most 200 characters were wanted, more came', {
      path: ['filter', 'text'],
    });
  return stores.works.gallery(viewer.id, filter, page);
}
