import type { CatalogueId } from '../../domain/ids.js';
import type { Catalogue } from '../../domain/item.js';
import type { CatalogueStore } from '../../flow/ports/stores.js';
import type { Catalogue as Row } from '../../generated/prisma/client.js';
import type { StoreContext } from './store-context.js';
import { uuids } from './uuids.js';

const toCatalogue = (row: Row): Catalogue => ({ ...row, id: row.id as CatalogueId });

export function catalogueStore({ db, ids }: StoreContext): CatalogueStore {
  return {
    async save({ key, name, domain, language }) {
      const facts = { name, domain, language };
      return toCatalogue(
        await db.catalogue.upsert({
          where: { key },
          create: { id: ids.next(), key, ...facts },
          update: facts,
        }),
      );
    },
    async byKey(key) {
      const row = await db.catalogue.findUnique({ where: { key } });
      return row && toCatalogue(row);
    },
    async byIds(wanted) {
      return (await db.catalogue.findMany({ where: { id: { in: uuids(wanted) } } })).map(toCatalogue);
    },
    async all() {
      return (await db.catalogue.findMany({ orderBy: { key: 'asc' } })).map(toCatalogue);
    },
    async itemCounts(wanted) {
      const rows = await db.item.groupBy({
        by: ['catalogueId'],
        where: { catalogueId: { in: uuids(wanted) } },
        _count: true,
      });
      const counts = new Map(rows.map((row) => [row.catalogueId, row._count]));
      return new Map(wanted.map((id) => [id, counts.get(id) ?? 0]));
    },
  };
}
