import type { ItemId } from '../../domain/ids.js';
import type { TagStore } from '../../flow/ports/gallery-stores.js';
import { holdWorks } from './row-locks.js';
import type { StoreContext } from './store-context.js';
import { uuids } from './uuids.js';

export function tagStore({ db, together }: StoreContext): TagStore {
  return {
    change: (authorId, itemIds, { add, remove }) =>
      together(async (tx) => {
        await holdWorks(tx, itemIds);
        return tx.$executeRaw`
          UPDATE work w SET tags = ARRAY(
              SELECT DISTINCT tag FROM unnest(w.tags || ${[...add]}::text[]) AS tag
               WHERE tag <> ALL(${[...remove]}::text[]) ORDER BY tag)
           WHERE w.item_id = ANY(${uuids(itemIds)}::uuid[]) AND w.author_id = ${authorId}::uuid AND w.visibility <> 'HIDDEN'`;
      }),
    async of(authorId, itemIds) {
      const rows = await db.work.findMany({
        where: { authorId, itemId: { in: uuids(itemIds) } },
        select: { itemId: true, tags: true },
      });
      return new Map(rows.map(({ itemId, tags }) => [itemId as ItemId, tags]));
    },
  };
}
