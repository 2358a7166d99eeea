import type { ItemId } from '../../domain/ids.js';
import type { FavouriteStore } from '../../flow/ports/stores.js';
import type { StoreContext } from './store-context.js';
import { uuids } from './uuids.js';

export function favouriteStore({ db }: StoreContext): FavouriteStore {
  return {
    async set(personId, itemId, on, at) {
      if (on) await db.favourite.createMany({ data: [{ personId, itemId, at }], skipDuplicates: true });
      else await db.favourite.deleteMany({ where: { personId, itemId } });
    },
    async counts(itemIds) {
      const rows = await db.favourite.groupBy({
        by: ['itemId'],
        where: { itemId: { in: uuids(itemIds) } },
        _count: true,
      });
      const counts = new Map(rows.map((row) => [row.itemId, row._count]));
      return new Map(itemIds.map((id) => [id, counts.get(id) ?? 0]));
    },
    async ofPerson(personId, itemIds) {
      const rows = await db.favourite.findMany({
        where: { personId, itemId: { in: uuids(itemIds) } },
        select: { itemId: true },
      });
      return new Set(rows.map(({ itemId }) => itemId as ItemId));
    },
  };
}
