import type { ReferencePicture } from '../../domain/reference.js';
import type { ReferenceStore } from '../../flow/ports/provider-stores.js';
import type { ReferencePicture as Row } from '../../generated/prisma/client.js';
import type { StoreContext } from './store-context.js';
import { isUuid } from './uuids.js';

/** The only writer of these rows is this store, so the cast holds. */
const toReference = (row: Row): ReferencePicture => row as ReferencePicture;

export function referenceStore({ db }: StoreContext): ReferenceStore {
  return {
    async create(reference) {
      await db.referencePicture.create({ data: reference });
    },
    async byId(id) {
      const row = isUuid(id) ? await db.referencePicture.findUnique({ where: { id } }) : null;
      return row && toReference(row);
    },
    ofPerson: async (personId) =>
      (await db.referencePicture.findMany({ where: { personId }, orderBy: { createdAt: 'desc' } })).map(
        toReference,
      ),
    async stored(id, { at, ...facts }) {
      const { count } = await db.referencePicture.updateMany({
        where: { id, storedAt: null },
        data: { ...facts, storedAt: at },
      });
      return count > 0;
    },
    async remove(id) {
      await db.referencePicture.deleteMany({ where: { id } });
    },
  };
}
