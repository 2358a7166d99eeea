import type { ItemId, PersonId } from '../../domain/ids.js';
import type {
  GalleryFilter,
  GalleryPlace,
  GalleryWish,
  StoredOrder,
} from '../../flow/ports/gallery-stores.js';
import { Prisma } from '../../generated/prisma/client.js';
import { galleryConditions } from './gallery-conditions.js';
import type { Db } from './store-context.js';
import { uuids } from './uuids.js';

/** The column of each order, and its type when a cursor brings a value back. */
const ORDERS = {
  NEWEST: { column: 'created_at', type: 'timestamptz' },
  TOP_RATED: { column: 'standing', type: 'int' },
  MOST_FAVOURITED: { column: 'favourite_count', type: 'int' },
} as const satisfies Record<StoredOrder, { column: string; type: string }>;

/**
 * The ids of one page and one more, in one statement. Public works and the viewer's own others are two branches, each walked
 * in its own index and cut at the page's length before they are merged: an OR over both would leave neither order usable.
 */
export async function galleryPage(
  db: Db,
  viewerId: PersonId,
  filter: GalleryFilter,
  wish: GalleryWish,
): Promise<GalleryPlace[]> {
  const { column, type } = ORDERS[wish.order];
  const key = Prisma.raw(`w.${column}`);
  const all = [...galleryConditions(viewerId, filter, 'w'), ...pagePart(wish, key, type)];
  if (filter.groupVariants === true) all.push(isCover(viewerId, filter));
  const branch = (visible: Prisma.Sql) => Prisma.sql`
    (SELECT ${key} AS key, w.item_id FROM work w WHERE ${Prisma.join([visible, ...all], ' AND ')}
      ORDER BY ${key} DESC, w.item_id DESC LIMIT ${wish.first + 1})`;
  const rows = await db.$queryRaw<{ key: Date | number; itemId: ItemId }[]>`
    SELECT key, item_id AS "itemId" FROM (${Prisma.join(branchesOf(viewerId, filter, 'w').map(branch), ' UNION ALL ')}) found
     ORDER BY key DESC, item_id DESC LIMIT ${wish.first + 1}`;
  return rows.map((row) => ({ key: textOf(row.key), itemId: row.itemId }));
}

/** Public works; and of the viewer's own those that are not public, unless the filter asks for public ones only. */
export function branchesOf(viewerId: PersonId, { visibility }: GalleryFilter, name: 'w' | 'o'): Prisma.Sql[] {
  const w = Prisma.raw(name);
  const everybodys = Prisma.sql`${w}.visibility = 'PUBLIC'`;
  const own = Prisma.sql`${w}.author_id = ${viewerId}::uuid AND ${w}.visibility IN ('PRIVATE', 'UNLISTED')`;
  if (visibility === undefined || visibility.length === 0) return [everybodys, own];
  const branches = [
    visibility.includes('PUBLIC') && everybodys,
    visibility.some((v) => v !== 'PUBLIC') && own,
  ];
  return branches.filter((branch) => branch !== false);
}

function pagePart({ after, among }: GalleryWish, key: Prisma.Sql, type: string): Prisma.Sql[] {
  const parts: Prisma.Sql[] = [];
  if (after !== undefined)
    parts.push(
      Prisma.sql`(${key}, w.item_id) < (${after.key}::text::${Prisma.raw(type)}, ${after.itemId}::uuid)`,
    );
  if (among !== undefined) parts.push(Prisma.sql`w.item_id = ANY(${uuids(among)}::uuid[])`);
  return parts;
}

/** Asked per row of the page, in the index of stacks: a join would gather all stacks first. */
function isCover(viewerId: PersonId, filter: GalleryFilter): Prisma.Sql {
  const visible = Prisma.join(branchesOf(viewerId, filter, 'o'), ') OR (');
  const conditions = galleryConditions(viewerId, filter, 'o');
  return Prisma.sql`w.item_id = (
    SELECT o.item_id FROM work o WHERE o.stack_id = w.stack_id AND ((${visible}))
       ${conditions.length > 0 ? Prisma.sql`AND ${Prisma.join(conditions, ' AND ')}` : Prisma.empty}
     ORDER BY o.standing DESC, o.item_id DESC LIMIT 1)`;
}

const textOf = (key: Date | number): string => (typeof key === 'number' ? String(key) : key.toISOString());
