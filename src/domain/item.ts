import type { CatalogueId, ItemId, MediaHash, PersonId } from './ids.js';

export type Visibility = 'PRIVATE' | 'UNLISTED' | 'PUBLIC' | 'HIDDEN';
export type ItemOrigin = 'HUMAN' | 'GENERATED';

export interface Catalogue {
  readonly id: CatalogueId;
  /** Stable name by which imports and commands address it, e.g. 'demo' or 'movielens-100k'. */
  readonly key: string;
  readonly name: string;
  readonly domain: string;
  readonly language: string;
}

/** A thing that can be shown, explained and remixed, whether people or Vitrine made it. */
export interface Item {
  readonly id: ItemId;
  readonly catalogueId: CatalogueId;
  /** The id in the source; unique within its catalogue. */
  readonly externalId: string;
  readonly title: string;
  readonly summary: string | null;
  /** Lower-case words or short phrases by which people would group it, most telling first. */
  readonly topics: readonly string[];
  /** Named facts, e.g. { group: 'animals', style: 'flat', colour: 'orange' }: the material of explanations. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly origin: ItemOrigin;
  readonly ownerId: PersonId | null;
  readonly visibility: Visibility;
  readonly mediaHash: MediaHash | null;
  readonly availableUntil: Date | null;
  readonly createdAt: Date;
}
