import type { Ports } from './ports.js';

/** How long a deletion can be taken back. */
export const GRACE_MS = 24 * 3_600_000;
const BATCH = 50;

/** Removes rows and bytes of works whose time of grace is over; returns how many. Rows first: bytes without a row are only lost space. */
export async function purgeDeleted({
  stores,
  clock,
  pictures,
}: Pick<Ports, 'stores' | 'clock' | 'pictures'>): Promise<number> {
  const due = await stores.deletions.due(new Date(clock.now().getTime() - GRACE_MS), BATCH);
  for (const itemId of due)
    for (const hash of await stores.deletions.remove(itemId)) await pictures.discard(hash);
  return due.length;
}
