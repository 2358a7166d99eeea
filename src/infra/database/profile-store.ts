import type { PersonId } from '../../domain/ids.js';
import type { Facet } from '../../domain/person.js';
import type { ProfileStore } from '../../flow/ports/stores.js';
import type { Facet as FacetRow } from '../../generated/prisma/client.js';
import { personKnowledge } from './person-knowledge.js';
import { holdPerson } from './row-locks.js';
import type { StoreContext } from './store-context.js';
import { isUuid, uuids } from './uuids.js';

const toFacet = (row: FacetRow): Facet => row as Facet;

export function profileStore({ db, ids }: StoreContext): ProfileStore {
  return {
    known: (personId: PersonId, limit: number) => personKnowledge(db, personId, limit),
    async hold(personId) {
      await holdPerson(db, personId);
    },
    facets: async (personId) =>
      (await db.facet.findMany({ where: { personId }, orderBy: [{ weight: 'desc' }, { id: 'asc' }] })).map(
        toFacet,
      ),
    facetsByIds: async (wanted) =>
      (await db.facet.findMany({ where: { id: { in: uuids(wanted) } } })).map(toFacet),
    async saveFacet({ id, ...facet }) {
      if (id !== undefined) {
        const { count } = await db.facet.updateMany({ where: { id, personId: facet.personId }, data: facet });
        if (count > 0) return { ...facet, id };
      }
      const { personId, attribute, value } = facet;
      const row = await db.facet.upsert({
        where: { personId_attribute_value: { personId, attribute, value } },
        create: { ...facet, id: id ?? ids.next() },
        update: facet,
      });
      return toFacet(row);
    },
    async removeFacet(personId, id) {
      if (!isUuid(id)) return false;
      return (await db.facet.deleteMany({ where: { id, personId } })).count > 0;
    },
    async addControl(control) {
      await db.control.createMany({ data: [control], skipDuplicates: true });
    },
    async removeControl(personId, kind, target) {
      return (await db.control.deleteMany({ where: { personId, kind, target } })).count > 0;
    },
  };
}
