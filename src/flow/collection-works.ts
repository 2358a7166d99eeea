import type { Collection } from '../domain/collection.js';
import type { ItemId, PersonId } from '../domain/ids.js';
import type { Item, Visibility } from '../domain/item.js';
import type { Ports } from './ports.js';
import type { GalleryFilter, GalleryPlace } from './ports/gallery-stores.js';
import { maySee } from './visible-items.js';

interface Wish {
  readonly collection: Collection;
  /** The saved filter, opened; null where it is filled by hand. */
  readonly filter: GalleryFilter | null;
  /** Its owner, or null for whoever has a link to it. */
  readonly viewerId: PersonId | null;
  readonly first: number;
  readonly after: GalleryPlace | null;
}

export interface CollectionPage {
  readonly items: readonly { readonly item: Item; readonly place: GalleryPlace }[];
  readonly hasNext: boolean;
}

/** What others may see through a link: never what is private, and unlisted works only of whoever shares them. */
const SHARED: readonly Visibility[] = ['PUBLIC', 'UNLISTED'];

/** Works of a collection, in the order of its owner's hand, or newest first where a filter fills it. */
export async function collectionWorks(ports: Pick<Ports, 'stores'>, wish: Wish): Promise<CollectionPage> {
  const { collection, filter, viewerId, first, after } = wish;
  if (filter === null) return byHand(ports, wish);
  const shown = viewerId === null ? { ...filter, visibility: sharedOf(filter) } : filter;
  if (shown.visibility?.length === 0 && viewerId === null) return { items: [], hasNext: false };
  const place = after === null ? {} : { after };
  const page = await ports.stores.gallery.page(collection.ownerId, shown, {
    order: 'NEWEST',
    first,
    ...place,
  });
  return { items: page.works.map(({ item, place: at }) => ({ item, place: at })), hasNext: page.hasNext };
}

const sharedOf = ({ visibility }: GalleryFilter): Visibility[] =>
  SHARED.filter((one) => visibility === undefined || visibility.length === 0 || visibility.includes(one));

async function byHand({ stores }: Pick<Ports, 'stores'>, wish: Wish): Promise<CollectionPage> {
  const { collection, viewerId, first, after } = wish;
  const ids = await stores.collections.itemIds(collection.id);
  const items = new Map((await stores.items.byIds(ids)).map((item) => [item.id, item]));
  const seen = ids.flatMap((id) => {
    const item = items.get(id);
    return item !== undefined && isShown(item, viewerId, collection) ? [item] : [];
  });
  const from = after === null ? 0 : startAfter(ids, seen, after.itemId);
  const page = seen.slice(from, from + first);
  return {
    items: page.map((item) => ({ item, place: { key: '', itemId: item.id } })),
    hasNext: from + first < seen.length,
  };
}

function isShown(item: Item, viewerId: PersonId | null, { ownerId }: Collection): boolean {
  if (viewerId !== null) return maySee(item, viewerId);
  return item.visibility === 'PUBLIC' || (item.visibility === 'UNLISTED' && item.ownerId === ownerId);
}

/** Also where the last one of the page before has become invisible meanwhile. */
function startAfter(ids: readonly ItemId[], seen: readonly Item[], last: ItemId): number {
  const passed = new Set(ids.slice(0, ids.indexOf(last) + 1));
  return seen.filter(({ id }) => passed.has(id)).length;
}
