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
          OR: [{ visibility: 'PUBLIC' }, { ownerId: viewerId }, { kind: 'REMOVED' }],
        },
        orderBy: { seq: 'asc' },
        take: limit,
      });
      return rows.map((row) => row as GalleryChange);
    },
    async latestSeq() {
      const newest = await db.galleryChange.findFirst({ orderBy: { seq: 'desc' }, select: { seq: true } });
      return newest?.seq ?? 0n;
    },
  };
}
