import type { ItemId } from '../../domain/ids.js';
import type { RatingStore } from '../../flow/ports/gallery-stores.js';
import type { StoreContext } from './store-context.js';
import { uuids } from './uuids.js';

/** Means are those of works, kept by a trigger in migrations/0005_gallery. */
export function ratingStore({ db }: StoreContext): RatingStore {
  return {
    async set(personId, itemId, value, at) {
      if (value === null) {
        await db.rating.deleteMany({ where: { personId, itemId } });
        return;
      }
      const where = { personId_itemId: { personId, itemId } };
      await db.rating.upsert({ where, create: { personId, itemId, value, at }, update: { value, at } });
    },
    async ofPerson(personId, itemIds) {
      const rows = await db.rating.findMany({ where: { personId, itemId: { in: uuids(itemIds) } } });
      return new Map(rows.map(({ itemId, value }) => [itemId as ItemId, value]));
    },
    async means(itemIds) {
      const rows = await db.work.findMany({
        where: { itemId: { in: uuids(itemIds) }, rating: { not: null } },
        select: { itemId: true, rating: true, ratingCount: true },
      });
      return new Map(
        rows.map((row) => [row.itemId as ItemId, { mean: row.rating ?? 0, count: row.ratingCount }]),
      );
    },
  };
}
