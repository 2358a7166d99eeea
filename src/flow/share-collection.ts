import { isOpen, type Collection, type ShareLink } from '../domain/collection.js';
import { DomainError } from '../domain/errors.js';
import type { CollectionId, ShareLinkId } from '../domain/ids.js';
import type { Person } from '../domain/person.js';
import type { Ports } from './ports.js';
import { readableCollection } from './readable-collection.js';

const DAY_MS = 86_400_000;
const MAX_DAYS = 365;
const MAX_LINKS = 50;

/** A link that opens one collection of one's own for some days. */
export async function shareCollection(
  { stores, clock, ids }: Pick<Ports, 'stores' | 'clock' | 'ids'>,
  viewer: Person,
  { id, days }: { readonly id: CollectionId; readonly days: number },
): Promise<ShareLink> {
  if (!Number.isInteger(days) || days < 1 || days > MAX_DAYS)
    throw new DomainError('INVALID_INPUT', `days: 1 to ${MAX_DAYS} was wanted, ${days} came`, {
      path: ['days'],
    });
  const collection = await readableCollection({ stores }, viewer, id, ['id']);
  const createdAt = clock.now();
  const open = (await stores.collections.links(collection.id)).filter((link) => isOpen(link, createdAt));
  if (open.length >= MAX_LINKS)
    throw new DomainError('QUOTA_EXCEEDED', `at most ${MAX_LINKS} open links were wanted, one more came`);
  const link: ShareLink = {
    ...{ id: ids.next() as ShareLinkId, collectionId: collection.id, createdAt, revokedAt: null },
    expiresAt: new Date(createdAt.getTime() + days * DAY_MS),
  };
  await stores.collections.addLink(link);
  return link;
}

/** Closes a link of one's own for good. Safe to repeat. */
export async function revokeShareLink(
  { stores, clock }: Pick<Ports, 'stores' | 'clock'>,
  viewer: Person,
  id: ShareLinkId,
): Promise<Collection> {
  const link = await stores.collections.link(id);
  if (link === null) throw new DomainError('NOT_FOUND', 'no link of yours has this id', { path: ['token'] });
  const collection = await readableCollection({ stores }, viewer, link.collectionId, ['token']);
  await stores.collections.revokeLink(id, clock.now());
  return collection;
}

/** The collection behind a link; null when it ended, was taken back, or never was: from outside all three are alike. */
export async function sharedCollection(
  { stores, clock }: Pick<Ports, 'stores' | 'clock'>,
  id: ShareLinkId,
): Promise<{ readonly collection: Collection; readonly link: ShareLink } | null> {
  const link = await stores.collections.link(id);
  if (link === null || !isOpen(link, clock.now())) return null;
  const [collection] = await stores.collections.byIds([link.collectionId]);
  return collection === undefined ? null : { collection, link };
}
