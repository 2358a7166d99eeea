import type { CatalogueId, ItemId } from '../../domain/ids.js';
import type { Item } from '../../domain/item.js';
import type { ItemStore, NewItem } from '../../flow/ports/stores.js';
import type { Item as Row } from '../../generated/prisma/client.js';
import { saveItems } from './save-items.js';
import type { Db, StoreContext } from './store-context.js';
import { toItem } from './to-item.js';
import { uuids } from './uuids.js';
import { readAllVectors, readVectors, saveVectors } from './vectors.js';

async function itemsByIds(db: Db, wanted: readonly ItemId[]): Promise<Item[]> {
  const ids = uuids(wanted);
  if (ids.length === 0) return [];
  const rows = await db.$queryRaw<Row[]>`
    SELECT id, catalogue_id AS "catalogueId", external_id AS "externalId", title, summary, topics, attributes, origin,
           owner_id AS "ownerId", visibility, media_hash AS "mediaHash", available_until AS "availableUntil",
           created_at AS "createdAt"
      FROM item WHERE id = ANY(${ids}::uuid[])`;
  return rows.map(toItem);
}

export function itemStore({ db, ids, clock }: StoreContext): ItemStore {
  return {
    saveAll: (items: readonly NewItem[]) =>
      saveItems(
        db,
        items.map((item) => ({ ...item, id: ids.next() as ItemId, createdAt: clock.now() })),
      ),
    byIds: (wanted) => itemsByIds(db, wanted),
    byExternalIds: async (catalogueId, externalIds) =>
      (await db.item.findMany({ where: { catalogueId, externalId: { in: [...externalIds] } } })).map(toItem),
    rankable: async (catalogueId, now) =>
      (
        await db.item.findMany({
          where: {
            catalogueId,
            visibility: 'PUBLIC',
            OR: [{ availableUntil: null }, { availableUntil: { gt: now } }],
          },
          orderBy: { id: 'asc' },
        })
      ).map(toItem),
    count: (catalogueId: CatalogueId) => db.item.count({ where: { catalogueId } }),
    async byMedia(hash) {
      const row = await db.item.findFirst({
        where: { mediaHash: hash },
        // GENERATED sorts before HUMAN, and UNLISTED and PUBLIC before PRIVATE and HIDDEN
        orderBy: [{ origin: 'asc' }, { visibility: 'desc' }, { id: 'asc' }],
      });
      return row && toItem(row);
    },
    saveVectors: (vectors: ReadonlyMap<ItemId, Float32Array>) => saveVectors(db, vectors),
    vectors: (wanted: readonly ItemId[]) => readVectors(db, uuids(wanted)),
    allVectors: (catalogueId: CatalogueId) => readAllVectors(db, catalogueId),
    countWithoutVectors: (catalogueId: CatalogueId) =>
      db.item.count({ where: { catalogueId, vector: null } }),
    withoutVectors: async (catalogueId, limit): Promise<Item[]> =>
      (
        await db.item.findMany({
          where: { catalogueId, vector: null },
          orderBy: { id: 'asc' },
          take: limit,
        })
      ).map(toItem),
  };
}
