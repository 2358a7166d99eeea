import type { ModelVersionId } from '../../domain/ids.js';
import type { ShadowCounts, ShadowStore } from '../../flow/ports/stores.js';
import type { Db, StoreContext } from './store-context.js';
import { uuids } from './uuids.js';

export function shadowStore({ db }: StoreContext): ShadowStore {
  return {
    async save({ items, liveItems, ...facts }) {
      await db.shadowAnswer.createMany({
        data: [{ ...facts, items: [...items], liveItems: [...liveItems] }],
        skipDuplicates: true,
      });
    },
    counts: (ids) => counts(db, uuids(ids)),
  };
}

type Row = ShadowCounts & { readonly id: ModelVersionId };

/**
 * Answers and the events that name their request. What counts as wanted is what `polarity` in domain/event.ts says; the same item
 * wanted twice after one answer (a click, then a favourite) counts once.
 */
async function counts(db: Db, ids: readonly ModelVersionId[]): Promise<Map<ModelVersionId, ShadowCounts>> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT s.model_version_id AS id, count(*)::int AS requests, avg(s.overlap)::float8 AS overlap,
           coalesce(sum(e.wanted), 0)::int AS wanted, coalesce(sum(e.hits), 0)::int AS hits,
           coalesce(sum(e."liveHits"), 0)::int AS "liveHits"
      FROM shadow_answer s
      LEFT JOIN LATERAL (
        SELECT count(DISTINCT item_id) AS wanted,
               count(DISTINCT item_id) FILTER (WHERE item_id = ANY (s.items)) AS hits,
               count(DISTINCT item_id) FILTER (WHERE item_id = ANY (s.live_items)) AS "liveHits"
          FROM event
         WHERE request_id = s.request_id AND undone_at IS NULL
           AND (type IN ('CLICK', 'FAVOURITE', 'SHARE', 'REMIX', 'DOWNLOAD', 'CONVERT')
                OR (type = 'RATE' AND coalesce(value, 3) >= 3)
                OR (type = 'DWELL' AND coalesce(value, 0) >= 10))
      ) e ON true
     WHERE s.model_version_id = ANY (${[...ids]}::uuid[])
     GROUP BY s.model_version_id`;
  return new Map(rows.map(({ id, ...found }) => [id, found]));
}
