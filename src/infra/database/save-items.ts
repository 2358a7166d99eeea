import type { Item } from '../../domain/item.js';
import type { Db } from './store-context.js';

/**
 * Inserts or updates by (catalogue, external id) in one statement. An update leaves visibility, owner and picture as
 * people set them here; changed words drop the item's vector, so that it is made anew.
 */
export async function saveItems(
  db: Db,
  items: readonly Item[],
): Promise<{ inserted: number; updated: number }> {
  // one statement cannot write a row twice: of two lines with one id the later one counts
  const batch = [...new Map(items.map((item) => [`${item.catalogueId} ${item.externalId}`, item])).values()];
  if (batch.length === 0) return { inserted: 0, updated: 0 };
  const [counts] = await db.$queryRaw<{ inserted: number; updated: number }[]>`
    WITH given AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(batch)}::jsonb) AS x(
        id uuid, "catalogueId" uuid, "externalId" text, title text, summary text, topics text[], attributes jsonb,
        origin text, "ownerId" uuid, visibility text, "mediaHash" text, "availableUntil" timestamptz, "createdAt" timestamptz)
    ), stale AS (
      DELETE FROM item_vector USING item, given
       WHERE item.catalogue_id = given."catalogueId" AND item.external_id = given."externalId"
         AND item_vector.item_id = item.id
         AND (item.title, item.summary, item.topics) IS DISTINCT FROM (given.title, given.summary, given.topics)
    ), saved AS (
      INSERT INTO item (id, catalogue_id, external_id, title, summary, topics, attributes, origin, owner_id, visibility,
                        media_hash, available_until, created_at)
      SELECT id, "catalogueId", "externalId", title, summary, topics, attributes, origin, "ownerId", visibility,
             "mediaHash", "availableUntil", "createdAt"
        FROM given ORDER BY "catalogueId", "externalId" -- one order for all writers: no deadlocks
      ON CONFLICT (catalogue_id, external_id) DO UPDATE SET
        title = excluded.title, summary = excluded.summary, topics = excluded.topics,
        attributes = excluded.attributes, available_until = excluded.available_until,
        media_hash = coalesce(item.media_hash, excluded.media_hash)
      RETURNING xmax = 0 AS is_new
    )
    SELECT count(*) FILTER (WHERE is_new)::int AS inserted, count(*) FILTER (WHERE NOT is_new)::int AS updated
      FROM saved`;
  return counts ?? { inserted: 0, updated: 0 };
}
