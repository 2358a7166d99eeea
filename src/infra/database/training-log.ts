import type { CatalogueId } from '../../domain/ids.js';
import type { TrainingRow } from '../../flow/ports/stores.js';
import type { Db } from './store-context.js';

/** 20,000 rows are about 2 MB: enough that the round trips do not count. */
const BATCH = 20_000;

interface Row extends Omit<TrainingRow, 'at'> {
  readonly id: string;
  readonly at: Date;
}

/**
 * The log in batches, by person, time and insertion; each batch goes on behind the last row, so no transaction stays
 * open. People who refused the use of their data for training are left out.
 */
export async function* trainingLog(
  db: Db,
  catalogueId: CatalogueId,
): AsyncGenerator<readonly TrainingRow[], void, undefined> {
  let rows = await firstBatch(db, catalogueId);
  while (rows.length > 0) {
    yield rows.map(({ personId, itemId, type, value, at }) => ({ personId, itemId, type, value, at }));
    const last = rows[rows.length - 1];
    if (last === undefined || rows.length < BATCH) return;
    rows = await batchBehind(db, catalogueId, last);
  }
}

const firstBatch = (db: Db, catalogueId: CatalogueId) => db.$queryRaw<Row[]>`
  SELECT e.id, e.person_id AS "personId", e.item_id AS "itemId", e.type, e.value, e.at
    FROM event e JOIN item i ON i.id = e.item_id JOIN person p ON p.id = e.person_id
   WHERE i.catalogue_id = ${catalogueId}::uuid AND e.undone_at IS NULL AND p.training_use
   ORDER BY e.person_id, e.at, e.id LIMIT ${BATCH}`;

const batchBehind = (db: Db, catalogueId: CatalogueId, last: Row) => db.$queryRaw<Row[]>`
  SELECT e.id, e.person_id AS "personId", e.item_id AS "itemId", e.type, e.value, e.at
    FROM event e JOIN item i ON i.id = e.item_id JOIN person p ON p.id = e.person_id
   WHERE i.catalogue_id = ${catalogueId}::uuid AND e.undone_at IS NULL AND p.training_use
     AND (e.person_id, e.at, e.id) > (${last.personId}::uuid, ${last.at}, ${last.id}::uuid)
   ORDER BY e.person_id, e.at, e.id LIMIT ${BATCH}`;
