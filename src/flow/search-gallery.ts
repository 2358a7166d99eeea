import { DomainError } from '../domain/errors.js';
import type { PublicMark } from '../domain/gallery-marks.js';
import type { Person } from '../domain/person.js';
import { readableCollection } from './readable-collection.js';
import type { Ports } from './ports.js';
import type { GalleryFacets, GalleryFilter, GalleryPage, GalleryWish } from './ports/gallery-stores.js';

const MAX_WORDS = 200;
const MAX_LIST = 50;

/** The viewer's own works and the public ones that match every given filter, in a stored order. */
export async function searchGallery(
  ports: Pick<Ports, 'stores'>,
  viewer: Person,
  filter: GalleryFilter,
  wish: GalleryWish,
): Promise<GalleryPage> {
  await assertFilter(ports, viewer, filter);
  return ports.stores.gallery.page(viewer.id, filter, wish);
}

/** How many works match; null when they are too many to count. */
export async function countGallery(
  ports: Pick<Ports, 'stores'>,
  viewer: Person,
  filter: GalleryFilter,
): Promise<number | null> {
  await assertFilter(ports, viewer, filter);
  return ports.stores.gallery.total(viewer.id, filter);
}

/** Values of public facts among what matches, with how often each occurs. */
export async function facetGallery(
  ports: Pick<Ports, 'stores'>,
  viewer: Person,
  filter: GalleryFilter,
  fields: readonly PublicMark[],
): Promise<GalleryFacets> {
  await assertFilter(ports, viewer, filter);
  return ports.stores.gallery.facets(viewer.id, filter, fields);
}

/** A filter that is too large, or names a collection that is not the viewer's. */
export async function assertFilter(
  ports: Pick<Ports, 'stores'>,
  viewer: Person,
  filter: GalleryFilter,
): Promise<void> {
  for (const [field, value] of Object.entries(filter)) {
    if (typeof value === 'string' && value.length > MAX_WORDS)
      throw refused(field, `at most ${MAX_WORDS} characters were wanted, ${value.length} came`);
    if (Array.isArray(value) && value.length > MAX_LIST)
      throw refused(field, `at most ${MAX_LIST} values were wanted, ${value.length} came`);
  }
  const { minRating, collectionId } = filter;
  if (minRating !== undefined && !(minRating >= 1 && minRating <= 5))
    throw refused('minRating', `1 to 5 was wanted, ${minRating} came`);
  if (collectionId !== undefined)
    await readableCollection(ports, viewer, collectionId, ['filter', 'collectionId']);
}

const refused = (field: string, message: string) =>
  new DomainError('INVALID_INPUT', `${field}: ${message}`, { path: ['filter', field] });
