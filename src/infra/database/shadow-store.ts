import type { ModelVersionId } from '../../domain/ids.js';
import type { ShadowCounts, ShadowStore } from '../../flow/ports/stores.js';
import type { Db, StoreContext } from './store-context.js';
import { uuids } from './uuids.js';
import { WANTED_EVENT } from './wanted-event.js';

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
 * Answers and the events by which their own person named the request: others may name it too, and are not asked. The same item wanted
 * twice after one answer (a click, then a favourite) counts once.
 */
async function counts(db: Db, ids: readonly ModelVersionId[]): Promise<Map<ModelVersionId, ShadowCounts>> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT s.model_version_id AS id, count(*)::int AS requests, avg(s.overlap)::float8 AS overlap,
           coalesce(sum(e.wanted), 0)::int AS wanted, coalesce(sum(e.hits), 0)::int AS hits,
           coalesce(sum(e."liveHits"), 0)::int AS "liveHits"
      FROM shadow_answer s
      JOIN served_request r ON r.id = s.request_id
      LEFT JOIN LATERAL (
        SELECT count(DISTINCT e.item_id) AS wanted,
               count(DISTINCT e.item_id) FILTER (WHERE e.item_id = ANY (s.items)) AS hits,
               count(DISTINCT e.item_id) FILTER (WHERE e.item_id = ANY (s.live_items)) AS "liveHits"
          FROM event e
         WHERE e.request_id = s.request_id AND e.person_id = r.person_id AND e.undone_at IS NULL
           AND ${WANTED_EVENT}
      ) e ON true
     WHERE s.model_version_id = ANY (${[...ids]}::uuid[])
     GROUP BY s.model_version_id`;
  return new Map(rows.map(({ id, ...found }) => [id, found]));
}
