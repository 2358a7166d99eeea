import type { CatalogueId } from '../../domain/ids.js';
import type { ServedReactions } from '../../flow/ports/stores.js';
import type { Db } from './store-context.js';

/** Answers of 200 places are 20 kB of JSON each: 500 of them are 10 MB. */
const BATCH = 500;

/**
 * Answers that got any reaction, oldest first, with the reactions in time order, in batches that go on behind the last answer. People
 * who refused the use of their data for training are left out, and so is what was undone.
 */
export async function* servedReactions(
  db: Db,
  catalogueId: CatalogueId,
): AsyncGenerator<readonly ServedReactions[], void, undefined> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const rows = await batchBehind(db, catalogueId, after);
    if (rows.length > 0) yield rows;
    const last = rows[rows.length - 1];
    if (last === undefined || rows.length < BATCH) return;
    after = last.requestId;
  }
}

const batchBehind = (db: Db, catalogueId: CatalogueId, after: string) => db.$queryRaw<ServedReactions[]>`
  SELECT r.id AS "requestId", r.person_id AS "personId",
         jsonb_path_query_array(r.history, '$[*].itemId') AS history,
         jsonb_path_query_array(r.entries, '$[*].itemId') AS entries,
         jsonb_agg(jsonb_build_object('itemId', e.item_id, 'type', e.type, 'value', e.value) ORDER BY e.at, e.id) AS reactions
    FROM served_request r
    JOIN person p ON p.id = r.person_id
    JOIN event e ON e.request_id = r.id AND e.person_id = r.person_id
   WHERE r.catalogue_id = ${catalogueId}::uuid AND r.id > ${after}::uuid AND p.training_use
     AND e.item_id IS NOT NULL AND e.undone_at IS NULL
   GROUP BY r.id
   ORDER BY r.id LIMIT ${BATCH}`;
