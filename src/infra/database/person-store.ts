import type { PersonId } from '../../domain/ids.js';
import type { Person } from '../../domain/person.js';
import type { PersonStore } from '../../flow/ports/stores.js';
import { type Person as Row, Prisma } from '../../generated/prisma/client.js';
import type { Db, StoreContext } from './store-context.js';
import { isUuid, uuids } from './uuids.js';

const toPerson = ({ personalisation, trainingUse, consentRecordedAt, ...row }: Row): Person => ({
  ...row,
  id: row.id as PersonId,
  kind: row.kind as Person['kind'],
  consent: { personalisation, trainingUse, recordedAt: consentRecordedAt },
});

const COLUMNS = Prisma.sql`id, external_id AS "externalId", display_name AS "displayName", kind, about, personalisation,
  training_use AS "trainingUse", consent_recorded_at AS "consentRecordedAt", created_at AS "createdAt"`;

export function personStore({ db, ids }: StoreContext): PersonStore {
  const byExternalId = async (externalId: string): Promise<Person | null> => {
    const [row] = await db.$queryRaw<Row[]>`SELECT ${COLUMNS} FROM person WHERE external_id = ${externalId}`;
    return row === undefined ? null : toPerson(row);
  };
  const insertMissing = (people: readonly Omit<Person, 'id'>[]) =>
    insertPeople(
      db,
      people.map((person) => ({ ...person, id: ids.next() as PersonId })),
    );
  return {
    async ensure(person) {
      const known = await byExternalId(person.externalId);
      if (known !== null) return known;
      await insertMissing([person]);
      const made = await byExternalId(person.externalId);
      if (made === null) throw new Error(`person ${person.externalId} was not stored`);
      return made;
    },
    async ensureAll(people) {
      await insertMissing(people);
      const externalIds = people.map(({ externalId }) => externalId);
      const rows = await db.$queryRaw<{ id: PersonId; externalId: string }[]>`
        SELECT id, external_id AS "externalId" FROM person WHERE external_id = ANY(${externalIds})`;
      return new Map(rows.map(({ id, externalId }) => [externalId, id]));
    },
    async byId(id) {
      if (!isUuid(id)) return null;
      const row = await db.person.findUnique({ where: { id } });
      return row && toPerson(row);
    },
    byIds: async (wanted) =>
      (await db.person.findMany({ where: { id: { in: uuids(wanted) } } })).map(toPerson),
    byExternalId,
    after: async (externalId, limit) =>
      (
        await db.person.findMany({
          ...(externalId !== null && { where: { externalId: { gt: externalId } } }),
          orderBy: { externalId: 'asc' },
          take: limit,
        })
      ).map(toPerson),
    withAbout: async (limit) =>
      (
        await db.person.findMany({
          where: { about: { not: null } },
          orderBy: [{ displayName: 'asc' }, { id: 'asc' }],
          take: limit,
        })
      ).map(toPerson),
    async setConsent(id, { personalisation, trainingUse, recordedAt }) {
      await db.person.updateMany({
        where: { id },
        data: { personalisation, trainingUse, consentRecordedAt: recordedAt },
      });
    },
  };
}

async function insertPeople(db: Db, people: readonly Person[]): Promise<void> {
  const rows = people.map(({ consent, ...person }) => ({ ...person, ...consent }));
  await db.$executeRaw`
    INSERT INTO person (id, external_id, display_name, kind, about, personalisation, training_use, consent_recorded_at,
                        created_at)
    SELECT id, "externalId", "displayName", kind, about, personalisation, "trainingUse", "recordedAt", "createdAt"
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS x(
        id uuid, "externalId" text, "displayName" text, kind text, about text, personalisation boolean,
        "trainingUse" boolean, "recordedAt" timestamptz, "createdAt" timestamptz)
     ORDER BY "externalId"
    ON CONFLICT (external_id) DO NOTHING`;
}
