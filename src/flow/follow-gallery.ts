import type { Person } from '../domain/person.js';
import type { Ports } from './ports.js';
import type { GalleryChange } from './ports/stores.js';

const PAGE = 100;
const POLL_MS = 2_000;

/** Changes of the gallery that the viewer may see, after the cursor (null: from now on), then live until the signal. */
export async function* followGallery(
  { stores, wakeups }: Pick<Ports, 'stores' | 'wakeups'>,
  viewer: Person,
  after: bigint | null,
  signal: AbortSignal,
): AsyncGenerator<GalleryChange> {
  let cursor = after ?? (await stores.galleryLog.latestSeq());
  while (!signal.aborted) {
    const changes = await stores.galleryLog.after(cursor, viewer.id, PAGE);
    for (const change of changes) {
      yield change;
      cursor = change.seq;
    }
    if (changes.length === 0) await wakeups.wait('gallery', POLL_MS, signal);
  }
}
