import type { ItemId, MediaHash, PersonId } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import type { Media } from '../domain/media.js';
import type { Work } from '../domain/work.js';
import type { ManifestCheck, Ports } from './ports.js';
import { maySee } from './visible-items.js';

export interface Provenance {
  readonly item: Item;
  readonly work: Work | null;
  readonly media: Media;
}

/** Who made the picture with this content hash; null when it is not ours, or is private. Anybody may ask. */
export async function verifyProvenance(
  { stores }: Pick<Ports, 'stores'>,
  hash: MediaHash,
): Promise<Provenance | null> {
  const [media] = await stores.media.byHashes([hash]);
  if (media === undefined) return null;
  const item = await stores.items.byMedia(hash);
  if (item === null || item.visibility === 'PRIVATE' || item.visibility === 'HIDDEN') return null;
  const [work] = await stores.works.byItemIds([item.id]);
  return { item, work: work ?? null, media };
}

/** The same of an item that the viewer may see; null for any other one, and for one without a picture. */
export async function provenanceOfItem(
  { stores }: Pick<Ports, 'stores'>,
  itemId: ItemId,
  viewerId: PersonId | null,
): Promise<Provenance | null> {
  const [item] = await stores.items.byIds([itemId]);
  if (item === undefined || item.mediaHash === null || !maySee(item, viewerId)) return null;
  const [media] = await stores.media.byHashes([item.mediaHash]);
  const [work] = await stores.works.byItemIds([itemId]);
  return media === undefined ? null : { item, work: work ?? null, media };
}

/** Reads the stored original of a work anew and checks it against the manifest that was stored with the work; null where it has none. */
export async function checkWork(
  { blobs, pictures }: Pick<Ports, 'blobs' | 'pictures'>,
  { contentHash, manifest }: Work,
): Promise<ManifestCheck | null> {
  if (manifest === null) return null;
  const bytes = await blobs.get(contentHash);
  const checked = pictures.checkManifest(bytes ?? new Uint8Array());
  const isTheSame = bytes !== null && Buffer.from(bytes).includes(manifest, 0, 'latin1');
  return checked.state === 'SIGNED' && !isTheSame
    ? { state: 'CHANGED', keyId: checked.keyId, manifest: null }
    : checked;
}

/** What a check found, as a sentence for whoever asked. */
export const CHECK_MEANS: Readonly<Record<ManifestCheck['state'], string>> = {
  SIGNED: 'The signature is by a key of this installation, and not a bit of the file has changed since.',
  NO_MANIFEST: 'The file carries no signed manifest of this installation.',
  CHANGED: 'The manifest was signed here, but the file is not as it was then.',
  FORGED: 'The file carries a manifest whose signature does not fit it.',
  UNKNOWN_KEY: 'The manifest was signed with a key that is not one of this installation.',
};
