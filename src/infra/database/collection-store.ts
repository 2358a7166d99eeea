import type { Collection, ShareLink } from '../../domain/collection.js';
import type { ItemId } from '../../domain/ids.js';
import type { CollectionStore } from '../../flow/ports/gallery-stores.js';
import { type Collection as Row, Prisma } from '../../generated/prisma/client.js';
import { asJson } from './as-json.js';
import type { StoreContext } from './store-context.js';
import { isUuid, uuids } from './uuids.js';

/** The only writer of these rows is this store, so the casts hold. */
const toCollection = (row: Row): Collection => row as unknown as Collection;
const filterJson = (filter: Collection['filter']) => (filter === null ? Prisma.DbNull : asJson(filter));

export function collectionStore({ db, together }: StoreContext): CollectionStore {
  return {
    byIds: async (ids) =>
      (await db.collection.findMany({ where: { id: { in: uuids(ids) } } })).map(toCollection),
    ofPerson: async (ownerId, { first, after }) =>
      (
        await db.collection.findMany({
          where: { ownerId, ...(after === undefined ? {} : { id: { lt: after } }) },
          orderBy: { id: 'desc' },
          take: first,
        })
      ).map(toCollection),
    async create({ filter, ...collection }) {
      await db.collection.create({ data: { ...collection, filter: filterJson(filter) } });
    },
    async update(id, expectedVersion, { filter, ...change }) {
      const { count } = await db.collection.updateMany({
        where: { id, version: expectedVersion },
        data: {
          ...change,
          ...(filter === undefined ? {} : { filter: filterJson(filter) }),
          version: { increment: 1 },
        },
      });
      return count > 0;
    },
    async remove(id) {
      await db.collection.deleteMany({ where: { id } });
    },
    itemIds: async (id) =>
      (
        await db.collectionItem.findMany({
          where: { collectionId: id },
          orderBy: [{ position: 'asc' }, { itemId: 'asc' }],
          select: { itemId: true },
        })
      ).map(({ itemId }) => itemId as ItemId),
    setItems: (id, itemIds) =>
      together(async (tx) => {
        // items before rows that hold them, as a purge takes them; what was purged meanwhile is left out
        const there = await tx.$queryRaw<{ id: ItemId }[]>`
          SELECT id FROM item WHERE id = ANY(${uuids(itemIds)}::uuid[]) ORDER BY id FOR KEY SHARE`;
        const known = new Set(there.map((item) => item.id));
        const kept = itemIds.filter((itemId) => known.has(itemId));
        await tx.collectionItem.deleteMany({ where: { collectionId: id } });
        await tx.collectionItem.createMany({
          data: kept.map((itemId, position) => ({ collectionId: id, itemId, position })),
        });
      }),
    async addLink(link) {
      await db.shareLink.create({ data: link });
    },
    links: async (id) =>
      (await db.shareLink.findMany({ where: { collectionId: id }, orderBy: { id: 'desc' } })) as ShareLink[],
    link: async (id) =>
      isUuid(id) ? ((await db.shareLink.findUnique({ where: { id } })) as ShareLink | null) : null,
    async revokeLink(id, at) {
      await db.shareLink.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: at } });
    },
  };
}
