import type { MediaHash } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import type { Media } from '../domain/media.js';
import type { Work } from '../domain/work.js';
import type { Ports } from './ports.js';

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
