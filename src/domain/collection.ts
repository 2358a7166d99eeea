import type { CollectionId, ItemId, PersonId, ShareLinkId } from './ids.js';

/** Works that a person keeps together: in an order of their hand, or, with a saved filter, whatever matches now. */
export interface Collection {
  readonly id: CollectionId;
  readonly ownerId: PersonId;
  readonly name: string;
  /** The saved filter as the owner gave it; null for one that is filled by hand. */
  readonly filter: Readonly<Record<string, unknown>> | null;
  readonly coverId: ItemId | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Opens one collection to whoever has the address, until it ends or is taken back. */
export interface ShareLink {
  readonly id: ShareLinkId;
  readonly collectionId: CollectionId;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
}

export function isOpen({ expiresAt, revokedAt }: ShareLink, now: Date): boolean {
  return revokedAt === null && now < expiresAt;
}
