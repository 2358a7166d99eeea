import type { ItemId, PersonId } from '../../domain/ids.js';
import type { GalleryChange, GalleryLog } from '../../flow/ports/stores.js';
import type { StoreContext } from './store-context.js';

/** Advisory lock of the log's writers: with it, `seq` grows in the order of commits, and no reader skips a change. */
const WRITERS = 7_133_001;

export function galleryLog({ db, together }: StoreContext): GalleryLog {
  return {
    append: (change) =>
      together(async (tx) => {
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(${WRITERS}::bigint)`;
        await tx.galleryChange.create({ data: change });
      }),
    async after(seq, viewerId, limit) {
      const rows = await db.galleryChange.findMany({
        where: {
          seq: { gt: seq },
          OR: [{ visibility: 'PUBLIC' }, { ownerId: viewerId }, { was: 'PUBLIC' }],
        },
        orderBy: { seq: 'asc' },
        take: limit,
      });
      return rows.map((row) => seenBy(viewerId, row as GalleryChange));
    },
    async changedSince(seq, limit) {
      const where = { seq: { gt: seq } };
      const rows = await db.galleryChange.findMany({ where, orderBy: { seq: 'asc' }, take: limit });
      return rows.map(({ itemId }) => itemId as ItemId);
    },
    async latestSeq() {
      const newest = await db.galleryChange.findFirst({ orderBy: { seq: 'desc' }, select: { seq: true } });
      return newest?.seq ?? 0n;
    },
  };
}

/** To others, what stopped being public has gone. */
function seenBy(viewerId: PersonId, change: GalleryChange): GalleryChange {
  const isGone = change.ownerId !== viewerId && change.visibility !== 'PUBLIC';
  return isGone ? { ...change, kind: 'REMOVED' } : change;
}
