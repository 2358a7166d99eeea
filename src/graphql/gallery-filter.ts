import { without } from '../domain/without.js';
import type { Collection } from '../domain/collection.js';
import type { GalleryFilter as Filter } from '../flow/ports/gallery-stores.js';
import { readableCollection } from '../flow/readable-collection.js';
import type { ApiContext } from './context.js';
import type { GalleryFilter } from './gallery.types.js';
import { onlyGiven } from './given.js';
import type { IdSeal } from './ids.js';

/** The filter in the store's words: ids opened, what was left out left out. */
export function openedFilter(filter: Partial<GalleryFilter> | null | undefined, ids: IdSeal): Filter {
  const given = without(onlyGiven<Partial<GalleryFilter>>(filter ?? {}), 'similarTo');
  const { modelVersionIds, parentId, basedOn, lineageOf, collectionId, ...rest } = given;
  const item = (field: string, id: string | undefined) =>
    id === undefined ? undefined : ids.open('Item', id, ['filter', field]);
  const opened = {
    modelVersionIds: modelVersionIds?.map((id) =>
      ids.open('ModelVersion', id, ['filter', 'modelVersionIds']),
    ),
    parentId: item('parentId', parentId),
    basedOn: item('basedOn', basedOn),
    lineageOf: item('lineageOf', lineageOf),
    collectionId:
      collectionId === undefined
        ? undefined
        : ids.open('Collection', collectionId, ['filter', 'collectionId']),
  };
  return { ...rest, ...onlyGiven(opened) };
}

/** The same, where a smart collection stands for its saved filter. */
export async function galleryFilter(
  filter: Partial<GalleryFilter> | null | undefined,
  { ids, ports, viewer }: Pick<ApiContext, 'ids' | 'ports' | 'viewer'>,
): Promise<Filter> {
  const opened = openedFilter(filter, ids);
  if (opened.collectionId === undefined) return opened;
  const path = ['filter', 'collectionId'];
  const collection = await readableCollection(ports, await viewer(), opened.collectionId, path);
  if (collection.filter === null) return opened;
  return { ...savedFilter(collection, ids), ...without(opened, 'collectionId') };
}

/** What a smart collection saved, opened; dates come back from JSON as text. */
export function savedFilter({ filter }: Collection, ids: IdSeal): Filter {
  const { createdAfter, createdBefore, ...rest } = (filter ?? {}) as Partial<GalleryFilter>;
  const dates = onlyGiven({
    createdAfter: createdAfter ? new Date(createdAfter) : null,
    createdBefore: createdBefore ? new Date(createdBefore) : null,
  });
  return { ...openedFilter(rest, ids), ...dates };
}
