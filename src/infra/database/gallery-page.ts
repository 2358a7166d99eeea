import type { ItemId, PersonId } from '../../domain/ids.js';
import type {
  GalleryFilter,
  GalleryPlace,
  GalleryWish,
  StoredOrder,
} from '../../flow/ports/gallery-stores.js';
import { Prisma } from '../../generated/prisma/client.js';
import { galleryConditions, leastStanding, madeBetween } from './gallery-conditions.js';
import type { Db } from './store-context.js';
import { uuids } from './uuids.js';

/** The column of each order, and its type when a cursor brings a value back. */
const ORDERS = {
  NEWEST: { column: 'created_at', type: 'timestamptz' },
  TOP_RATED: { column: 'standing', type: 'int' },
  MOST_FAVOURITED: { column: 'favourite_count', type: 'int' },
} as const satisfies Record<StoredOrder, { column: string; type: string }>;

/**
 * So many public works are tried in the order of the page before those that match are gathered through the filter's own indexes.
 * What fills no page of 30 by then is rarer than 1 in 160: of a million works, about 6,000 are gathered and sorted.
 */
const TRIED = 5_000;

/** These name few works, or their maker: the planner judges them well, and a trial would be in vain. */
const POINTED = [
  'seed',
  'tags',
  'mine',
  'favouritesOnly',
  'parentId',
  'basedOn',
  'lineageOf',
  'collectionId',
] as const satisfies readonly (keyof GalleryFilter)[];

interface Asked {
  readonly viewerId: PersonId;
  readonly filter: GalleryFilter;
  readonly wish: GalleryWish;
  /** What the filter asks of a work `w`, visibility apart. */
  readonly conditions: readonly Prisma.Sql[];
}

/** The ids of one page and one more, in one statement. */
export async function galleryPage(
  db: Db,
  viewerId: PersonId,
  filter: GalleryFilter,
  wish: GalleryWish,
): Promise<GalleryPlace[]> {
  const asked = { viewerId, filter, wish, conditions: galleryConditions(viewerId, filter, 'w') };
  const statement = needsTrial(asked) ? triedThenGathered(asked) : walked(asked);
  const rows = await db.$queryRaw<{ key: Date | number; itemId: ItemId }[]>`${statement}`;
  return rows.map((row) => ({ key: textOf(row.key), itemId: row.itemId }));
}

function needsTrial({ filter, wish, conditions }: Asked): boolean {
  if (conditions.length === 0 && filter.groupVariants !== true) return false;
  if (wish.among !== undefined || POINTED.some((field) => filter[field] !== undefined)) return false;
  const { visibility = [] } = filter;
  return visibility.length === 0 || visibility.includes('PUBLIC');
}

/**
 * Public works and the viewer's own others are two branches, each walked in its own index and cut at the page's length before
 * they are merged: an OR over both would leave neither order usable.
 */
function walked(asked: Asked): Prisma.Sql {
  const branches = branchesOf(asked.viewerId, asked.filter, 'w').map((visible) => walk(asked, visible));
  return firstOf(Prisma.join(branches, ' UNION ALL '), asked);
}

function walk(asked: Asked, visible: Prisma.Sql): Prisma.Sql {
  const key = keyOf(asked);
  const all = [visible, ...asked.conditions, ...pagePart(asked, key), ...coverPart(asked)];
  return Prisma.sql`(SELECT ${key} AS key, w.item_id FROM work w WHERE ${every(all)} ${inOrder(key, pageAndOne(asked))})`;
}

/**
 * Only the planner's guess of how common a mixture is says how far a walk goes, and a wrong guess walked a million works in 4 s.
 * Here the walk is cut; all that match are gathered only where it left the page unfilled, by a branch that else is not run.
 */
function triedThenGathered(asked: Asked): Prisma.Sql {
  const others = branchesOf(asked.viewerId, asked.filter, 'w').filter((visible) => visible !== PUBLIC.w);
  const place = Prisma.raw('w.key');
  const gathered = Prisma.sql`(SELECT w.key, w.item_id FROM gathered w
    WHERE ${every([Prisma.sql`(SELECT count(*) FROM tried) < ${pageAndOne(asked)}`, ...pagePart(asked, place)])}
    ${inOrder(place, pageAndOne(asked))})`;
  const branches = [
    Prisma.sql`(SELECT key, item_id FROM tried)`,
    gathered,
    ...others.map((visible) => walk(asked, visible)),
  ];
  return Prisma.sql`
    WITH tried AS MATERIALIZED (${trial(asked)}), gathered AS MATERIALIZED (${gathering(asked)})
    ${firstOf(Prisma.join(branches, ' UNION '), asked)}`;
}

function trial(asked: Asked): Prisma.Sql {
  const key = keyOf(asked);
  const all = [PUBLIC.w, ...pagePart(asked, key), ...boundsOfOrder(asked)];
  return Prisma.sql`
    SELECT w.key, w.item_id
      FROM (SELECT w.*, ${key} AS key FROM work w WHERE ${every(all)} ${inOrder(key, TRIED)}) w
     WHERE ${every([...asked.conditions, ...coverPart(asked)])} ${inOrder(Prisma.raw('w.key'), pageAndOne(asked))}`;
}

/** All that match, of every page: the best of a stack may stand on another page than the work that is asked about. */
function gathering(asked: Asked): Prisma.Sql {
  const { viewerId, filter, conditions } = asked;
  const branches = branchesOf(viewerId, filter, 'w').map(
    (visible) => Prisma.sql`SELECT ${keyOf(asked)} AS key, w.item_id, w.stack_id, w.standing
      FROM work w WHERE ${every([visible, ...conditions])}`,
  );
  const matching = Prisma.join(branches, ' UNION ALL ');
  if (filter.groupVariants !== true) return matching;
  return Prisma.sql`SELECT DISTINCT ON (w.stack_id) w.key, w.item_id FROM (${matching}) w
    ORDER BY w.stack_id, w.standing DESC, w.item_id DESC`;
}

function firstOf(branches: Prisma.Sql, asked: Asked): Prisma.Sql {
  return Prisma.sql`SELECT w.key, w.item_id AS "itemId" FROM (${branches}) w
    ${inOrder(Prisma.raw('w.key'), pageAndOne(asked))}`;
}

const PUBLIC = { w: Prisma.sql`w.visibility = 'PUBLIC'`, o: Prisma.sql`o.visibility = 'PUBLIC'` } as const;

/** Public works; and of the viewer's own those that are not public, unless the filter asks for public ones only. */
export function branchesOf(viewerId: PersonId, { visibility }: GalleryFilter, name: 'w' | 'o'): Prisma.Sql[] {
  const w = Prisma.raw(name);
  const own = Prisma.sql`${w}.author_id = ${viewerId}::uuid AND ${w}.visibility IN ('PRIVATE', 'UNLISTED')`;
  if (visibility === undefined || visibility.length === 0) return [PUBLIC[name], own];
  const branches = [
    visibility.includes('PUBLIC') && PUBLIC[name],
    visibility.some((v) => v !== 'PUBLIC') && own,
  ];
  return branches.filter((branch) => branch !== false);
}

function pagePart({ wish: { after, among, order } }: Asked, key: Prisma.Sql): Prisma.Sql[] {
  const parts: Prisma.Sql[] = [];
  const type = Prisma.raw(ORDERS[order].type);
  if (after !== undefined)
    parts.push(Prisma.sql`(${key}, w.item_id) < (${after.key}::text::${type}, ${after.itemId}::uuid)`);
  if (among !== undefined) parts.push(Prisma.sql`w.item_id = ANY(${uuids(among)}::uuid[])`);
  return parts;
}

/** What the filter says about the column of the order bounds the walk itself, so that nothing is tried in vain. */
function boundsOfOrder({ filter, wish: { order } }: Asked): Prisma.Sql[] {
  if (order === 'NEWEST') return madeBetween(filter, 'w');
  return order === 'TOP_RATED' ? leastStanding(filter, 'w') : [];
}

/** Asked per row of the page, in the index of stacks: a join would gather all stacks first. */
function coverPart({ viewerId, filter }: Asked): Prisma.Sql[] {
  if (filter.groupVariants !== true) return [];
  const visible = Prisma.join(branchesOf(viewerId, filter, 'o'), ') OR (');
  const all = [Prisma.sql`((${visible}))`, ...galleryConditions(viewerId, filter, 'o')];
  return [
    Prisma.sql`w.item_id = (SELECT o.item_id FROM work o WHERE o.stack_id = w.stack_id AND ${every(all)}
      ORDER BY o.standing DESC, o.item_id DESC LIMIT 1)`,
  ];
}

const keyOf = ({ wish }: Asked): Prisma.Sql => Prisma.raw(`w.${ORDERS[wish.order].column}`);
const pageAndOne = ({ wish }: Asked): number => wish.first + 1;
const every = (conditions: readonly Prisma.Sql[]): Prisma.Sql =>
  conditions.length === 0 ? Prisma.sql`true` : Prisma.join([...conditions], ' AND ');
const inOrder = (key: Prisma.Sql, limit: number): Prisma.Sql =>
  Prisma.sql`ORDER BY ${key} DESC, w.item_id DESC LIMIT ${limit}`;
const textOf = (key: Date | number): string => (typeof key === 'number' ? String(key) : key.toISOString());
