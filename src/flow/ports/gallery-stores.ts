import type { PublicMark } from '../../domain/gallery-marks.js';
import type {
  CollectionId,
  ItemId,
  MediaHash,
  ModelVersionId,
  PersonId,
  ShareLinkId,
} from '../../domain/ids.js';
import type { Item, Visibility } from '../../domain/item.js';
import type { Collection, ShareLink } from '../../domain/collection.js';
import type { Work } from '../../domain/work.js';

/** All that is given must hold. Lists: any of them; topics, colours and tags: any of them, too. */
export interface GalleryFilter {
  readonly text?: string;
  readonly promptContains?: string;
  readonly seed?: number;
  readonly steps?: number;
  readonly guidance?: number;
  readonly width?: number;
  readonly height?: number;
  readonly strength?: number;
  readonly facets?: readonly string[];
  readonly kinds?: readonly Work['kind'][];
  readonly providers?: readonly string[];
  readonly models?: readonly string[];
  readonly modelVersionIds?: readonly ModelVersionId[];
  readonly styles?: readonly string[];
  readonly colours?: readonly string[];
  readonly topics?: readonly string[];
  /** The viewer's own labels: only own works have any. */
  readonly tags?: readonly string[];
  readonly minRating?: number;
  readonly favouritesOnly?: boolean;
  readonly mine?: boolean;
  readonly visibility?: readonly Visibility[];
  readonly createdAfter?: Date;
  readonly createdBefore?: Date;
  readonly parentId?: ItemId;
  readonly basedOn?: ItemId;
  /** The whole family: what it was made from, and all that was made from it. */
  readonly lineageOf?: ItemId;
  readonly collectionId?: CollectionId;
  /** One work for each stack of near-equal ones: the best rated that matches. */
  readonly groupVariants?: boolean;
}

export type StoredOrder = 'NEWEST' | 'TOP_RATED' | 'MOST_FAVOURITED';

/** The last work of the page before: its value in the order, and its id. */
export interface GalleryPlace {
  readonly key: string;
  readonly itemId: ItemId;
}

export interface GalleryWish {
  readonly order: StoredOrder;
  readonly first: number;
  readonly after?: GalleryPlace;
  /** Only these. */
  readonly among?: readonly ItemId[];
}

export interface GalleryPage {
  readonly works: readonly (Work & { readonly item: Item; readonly place: GalleryPlace })[];
  readonly hasNext: boolean;
}

export interface FacetCount {
  readonly field: PublicMark;
  readonly value: string;
  readonly count: number;
}

export interface GalleryFacets {
  readonly counts: readonly FacetCount[];
  /** How many works were counted; the newest ones when there are more than are worth counting. */
  readonly counted: number;
  readonly exact: boolean;
}

/** What a viewer may see: own works, and public ones. Recipe fields are searched only where the viewer may read them. */
export interface GalleryStore {
  /** Keyset pages: one statement chooses the works of a page, whatever the filter. */
  page(viewerId: PersonId, filter: GalleryFilter, wish: GalleryWish): Promise<GalleryPage>;
  /** How many match; null when there are more than are worth counting. */
  total(viewerId: PersonId, filter: GalleryFilter): Promise<number | null>;
  facets(viewerId: PersonId, filter: GalleryFilter, fields: readonly PublicMark[]): Promise<GalleryFacets>;
  /** Those of the given works that match. */
  matching(viewerId: PersonId, filter: GalleryFilter, ids: readonly ItemId[]): Promise<Set<ItemId>>;
  /** Works that match and have the words, best first. */
  byWords(
    viewerId: PersonId,
    filter: GalleryFilter & { readonly text: string },
    limit: number,
  ): Promise<ItemId[]>;
}

export interface StackStore {
  /** How many works each stack has that the viewer may see, by the id of any of its works. */
  sizes(viewerId: PersonId | null, itemIds: readonly ItemId[]): Promise<Map<ItemId, number>>;
  /** Which stack each work belongs to. */
  idsOf(itemIds: readonly ItemId[]): Promise<Map<ItemId, string>>;
  /** The others of its stack and of its job that the viewer may see, best rated first. */
  variantsOf(viewerId: PersonId | null, itemId: ItemId, limit: number): Promise<ItemId[]>;
}

export interface RatingStore {
  /** 1 to 5, or null to take it back. */
  set(personId: PersonId, itemId: ItemId, value: number | null, at: Date): Promise<void>;
  ofPerson(personId: PersonId, itemIds: readonly ItemId[]): Promise<Map<ItemId, number>>;
  means(itemIds: readonly ItemId[]): Promise<Map<ItemId, { readonly mean: number; readonly count: number }>>;
}

export interface TagStore {
  /** Adds and removes labels of the author's own works; returns how many works there were. */
  change(
    authorId: PersonId,
    itemIds: readonly ItemId[],
    change: { readonly add: readonly string[]; readonly remove: readonly string[] },
  ): Promise<number>;
  /** Of the author's own works only. */
  of(authorId: PersonId, itemIds: readonly ItemId[]): Promise<Map<ItemId, readonly string[]>>;
}

export interface LookStore {
  save(hash: MediaHash, look: Uint8Array, colours: readonly string[]): Promise<void>;
  byHashes(hashes: readonly MediaHash[]): Promise<Map<MediaHash, Uint8Array>>;
  /** Pictures of works that were not looked at yet, newest first. */
  without(limit: number): Promise<MediaHash[]>;
}

/** What search by meaning and by look keeps in memory of one work. */
export interface WorkTraits {
  readonly itemId: ItemId;
  readonly ownerId: PersonId;
  readonly visibility: Visibility;
  readonly look: Uint8Array | null;
  readonly meaning: Float32Array | null;
}

export interface TraitStore {
  /** Of the newest works, or of those named. */
  read(which: { readonly newest: number } | { readonly ids: readonly ItemId[] }): Promise<WorkTraits[]>;
}

export interface CollectionStore {
  byIds(ids: readonly CollectionId[]): Promise<Collection[]>;
  ofPerson(
    ownerId: PersonId,
    page: { readonly first: number; readonly after?: CollectionId },
  ): Promise<Collection[]>;
  create(collection: Collection): Promise<void>;
  /** Writes name, filter and cover where the version is still the expected one, and counts it up; false when it is not. */
  update(
    id: CollectionId,
    expectedVersion: number,
    change: Partial<Pick<Collection, 'name' | 'filter' | 'coverId'>> & { readonly updatedAt: Date },
  ): Promise<boolean>;
  remove(id: CollectionId): Promise<void>;
  /** In the order of their owner's hand. */
  itemIds(id: CollectionId): Promise<ItemId[]>;
  /** Replaces what it holds; the order is that of the list. */
  setItems(id: CollectionId, itemIds: readonly ItemId[]): Promise<void>;
  addLink(link: ShareLink): Promise<void>;
  links(id: CollectionId): Promise<ShareLink[]>;
  link(id: ShareLinkId): Promise<ShareLink | null>;
  revokeLink(id: ShareLinkId, at: Date): Promise<void>;
}

export interface DeletionStore {
  /** Hides own works from everybody; returns those that were there to hide. */
  hide(
    authorId: PersonId,
    itemIds: readonly ItemId[],
    at: Date,
  ): Promise<{ readonly itemId: ItemId; readonly was: Visibility }[]>;
  /** Takes it back while they are still there. */
  restore(
    authorId: PersonId,
    itemIds: readonly ItemId[],
  ): Promise<{ readonly itemId: ItemId; readonly visibility: Visibility }[]>;
  /** Works hidden before a time whose rows and bytes are to go now. */
  due(before: Date, limit: number): Promise<ItemId[]>;
  /** Removes all rows of a hidden work; returns the pictures that nothing uses any more. */
  remove(itemId: ItemId): Promise<MediaHash[]>;
}
