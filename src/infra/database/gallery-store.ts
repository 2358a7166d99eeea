import { PUBLIC_MARKS, type PublicMark } from '../../domain/gallery-marks.js';
import type { ItemId, PersonId } from '../../domain/ids.js';
import type {
  FacetCount,
  GalleryFacets,
  GalleryFilter,
  GalleryPage,
  GalleryStore,
  GalleryWish,
} from '../../flow/ports/gallery-stores.js';
import { Prisma } from '../../generated/prisma/client.js';
import { galleryConditions } from './gallery-conditions.js';
import { branchesOf, galleryPage } from './gallery-page.js';
import type { Db, StoreContext } from './store-context.js';
import { toItem } from './to-item.js';
import { toWork } from './to-work.js';
import { uuids } from './uuids.js';

/** More than this nobody counts: a page says "more than 10,000". 10,000 rows take 30 ms at a million. */
const MOST_COUNTED = 10_000;
/** Facets are counted over the newest matches up to here. */
const FACETED = 20_000;
/** Values shown per facet field. */
const VALUES = 30;

export function galleryStore({ db }: StoreContext): GalleryStore {
  return {
    page: (viewerId, filter, wish) => readPage(db, viewerId, filter, wish),
    async total(viewerId, filter) {
      const [row] = await db.$queryRaw<{ total: number }[]>`
        SELECT count(*)::int AS total
          FROM (${matches(viewerId, filter, { limit: MOST_COUNTED + 1, what: 'w.item_id' })}) found`;
      return row === undefined || row.total > MOST_COUNTED ? null : row.total;
    },
    facets: (viewerId, filter, fields) => countFacets(db, viewerId, filter, fields),
    async matching(viewerId, filter, ids) {
      const wish = { order: 'NEWEST', first: Math.max(1, ids.length), among: ids } as const;
      return new Set((await galleryPage(db, viewerId, filter, wish)).map(({ itemId }) => itemId));
    },
    byWords: (viewerId, filter, limit) => byWords(db, viewerId, filter, limit),
  };
}

async function readPage(
  db: Db,
  viewerId: PersonId,
  filter: GalleryFilter,
  wish: GalleryWish,
): Promise<GalleryPage> {
  const places = await galleryPage(db, viewerId, filter, wish);
  const shown = places.slice(0, wish.first);
  const rows = await db.work.findMany({
    where: { itemId: { in: shown.map(({ itemId }) => itemId) } },
    include: { item: true },
  });
  const byId = new Map(rows.map((row) => [row.itemId, row]));
  const works = shown.flatMap((place) => {
    const row = byId.get(place.itemId);
    if (row === undefined) return [];
    const { item, ...work } = row;
    return [{ ...toWork(work), item: toItem(item), place }];
  });
  return { works, hasNext: places.length > wish.first };
}

/** What matches, from both branches, newest first within each and cut at the limit. */
function matches(
  viewerId: PersonId,
  filter: GalleryFilter,
  { limit, what }: { readonly limit: number; readonly what: 'w.item_id' | 'w.marks' },
): Prisma.Sql {
  const conditions = galleryConditions(viewerId, filter, 'w');
  const branch = (visible: Prisma.Sql) => Prisma.sql`
    (SELECT ${Prisma.raw(what)} FROM work w WHERE ${Prisma.join([visible, ...conditions], ' AND ')}
      ORDER BY w.created_at DESC, w.item_id DESC LIMIT ${limit})`;
  return Prisma.sql`${Prisma.join(branchesOf(viewerId, filter, 'w').map(branch), ' UNION ALL ')} LIMIT ${limit}`;
}

/** Only facts that anybody may read are counted: a count over prompts or seeds would tell what they are. */
async function countFacets(
  db: Db,
  viewerId: PersonId,
  filter: GalleryFilter,
  fields: readonly PublicMark[],
): Promise<GalleryFacets> {
  const wanted = fields.filter((field) => PUBLIC_MARKS.includes(field));
  const rows = await db.$queryRaw<(FacetCount & { counted: number })[]>`
    WITH found AS MATERIALIZED (${matches(viewerId, filter, { limit: FACETED + 1, what: 'w.marks' })}),
    marks AS (SELECT split_part(mark, ':', 1) AS field, substr(mark, strpos(mark, ':') + 1) AS value, count(*)::int AS count
                FROM found CROSS JOIN LATERAL unnest(found.marks) AS mark GROUP BY mark),
    ranked AS (SELECT *, row_number() OVER (PARTITION BY field ORDER BY count DESC, value) AS place FROM marks
                WHERE field = ANY(${wanted}::text[]))
    SELECT field, value, count, (SELECT count(*)::int FROM found) AS counted FROM ranked
     WHERE place <= ${VALUES} ORDER BY field, place`;
  const counted = rows[0]?.counted ?? 0;
  const counts = rows.map(({ field, value, count }) => ({ field, value, count }));
  return { counts, counted: Math.min(counted, FACETED), exact: counted <= FACETED };
}

/** Title and topics weigh most; prompt and labels add where the viewer may read them. Cover density rank of Postgres. */
async function byWords(
  db: Db,
  viewerId: PersonId,
  filter: GalleryFilter & { readonly text: string },
  limit: number,
): Promise<ItemId[]> {
  const query = Prisma.sql`websearch_to_tsquery('english', ${filter.text})`;
  const found = matches(viewerId, filter, { limit: MOST_COUNTED, what: 'w.item_id' });
  const rows = await db.$queryRaw<{ itemId: ItemId }[]>`
    SELECT w.item_id AS "itemId" FROM work w JOIN (${found}) found ON found.item_id = w.item_id
     ORDER BY 2 * ts_rank_cd(w.words_search, ${query})
              + CASE WHEN w.author_id = ${viewerId}::uuid THEN ts_rank_cd(w.own_search, ${query})
                     WHEN w.recipe_shared THEN ts_rank_cd(w.prompt_search, ${query}) ELSE 0 END DESC,
              w.created_at DESC, w.item_id DESC LIMIT ${limit}`;
  return uuids(rows.map(({ itemId }) => itemId));
}
