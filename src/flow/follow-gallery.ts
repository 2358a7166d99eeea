import { without } from '../domain/without.js';
import type { Person } from '../domain/person.js';
import type { Ports } from './ports.js';
import type { GalleryFilter } from './ports/gallery-stores.js';
import type { GalleryChange } from './ports/stores.js';
import { assertFilter } from './search-gallery.js';

const PAGE = 100;
const POLL_MS = 2_000;

interface Following {
  readonly filter: GalleryFilter;
  /** Null: from now on. */
  readonly after: bigint | null;
  readonly signal: AbortSignal;
}

/**
 * Changes of the gallery that the viewer may see and the filter lets through, after the cursor, then live until the signal.
 * What changed so that it does not match comes as REMOVED; an ADDED one that does not match does not come.
 */
export async function* followGallery(
  ports: Pick<Ports, 'stores' | 'wakeups'>,
  viewer: Person,
  { filter, after, signal }: Following,
): AsyncGenerator<GalleryChange> {
  const { stores, wakeups } = ports;
  await assertFilter(ports, viewer, filter);
  let cursor = after ?? (await stores.galleryLog.latestSeq());
  while (!signal.aborted) {
    const changes = await stores.galleryLog.after(cursor, viewer.id, PAGE);
    const matching = await matchingIn(stores, viewer, filter, changes);
    for (const change of changes) {
      const seen = through(change, matching);
      if (seen !== null) yield seen;
      cursor = change.seq;
    }
    if (changes.length === 0) await wakeups.wait('gallery', POLL_MS, signal);
  }
}

/** Null where nothing is filtered. */
async function matchingIn(
  { gallery }: Ports['stores'],
  viewer: Person,
  filter: GalleryFilter,
  changes: readonly GalleryChange[],
): Promise<ReadonlySet<string> | null> {
  // a stack's cover changes with every variant: who follows stacks is told of every work, and asks for the page again
  const asked = without(filter, 'groupVariants');
  if (changes.length === 0 || Object.keys(asked).length === 0) return null;
  return gallery.matching(viewer.id, asked, [...new Set(changes.map(({ itemId }) => itemId))]);
}

function through(change: GalleryChange, matching: ReadonlySet<string> | null): GalleryChange | null {
  if (matching === null || change.kind === 'REMOVED' || matching.has(change.itemId)) return change;
  return change.kind === 'ADDED' ? null : { ...change, kind: 'REMOVED' };
}
