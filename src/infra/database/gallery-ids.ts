import type { ItemId, PersonId } from '../../domain/ids.js';
import type { GalleryFilter } from '../../flow/ports/stores.js';
import { Prisma } from '../../generated/prisma/client.js';
import type { Db } from './store-context.js';

export interface GalleryPosition {
  readonly createdAt: Date;
  readonly itemId: ItemId;
}

/** What matches and may be seen, newest first: one id more than asked for, to know whether there is a next page. */
export async function galleryIds(
  db: Db,
  viewerId: PersonId,
  filter: GalleryFilter,
  { first, after }: { readonly first: number; readonly after?: GalleryPosition },
): Promise<{ ids: string[]; total: number }> {
  const where = Prisma.join(conditions(viewerId, filter), ' AND ');
  const behind =
    after === undefined
      ? Prisma.sql`true`
      : Prisma.sql`(w.created_at, w.item_id) < (${after.createdAt}, ${after.itemId}::uuid)`;
  const [found] = await db.$queryRaw<{ ids: string[]; total: number }[]>`
    SELECT (SELECT count(*)::int FROM work w JOIN item i ON i.id = w.item_id WHERE ${where}) AS total,
           ARRAY(SELECT w.item_id::text FROM work w JOIN item i ON i.id = w.item_id WHERE ${where} AND ${behind}
                  ORDER BY w.created_at DESC, w.item_id DESC LIMIT ${first + 1}) AS ids`;
  return found ?? { ids: [], total: 0 };
}

/** Prompt and seed are searched only where the viewer may read them. */
function conditions(viewerId: PersonId, filter: GalleryFilter): Prisma.Sql[] {
  const own = Prisma.sql`w.author_id = ${viewerId}::uuid`;
  const readable = Prisma.sql`(w.recipe_shared OR ${own})`;
  const all: (Prisma.Sql | false)[] = [
    Prisma.sql`(i.visibility = 'PUBLIC' OR (${own} AND i.visibility <> 'HIDDEN'))`,
    has(filter.text) && textCondition(filter.text, readable),
    has(filter.promptContains) &&
      Prisma.sql`(${readable} AND lower(w.prompt) LIKE ${`%${escapeLike(filter.promptContains.toLowerCase())}%`})`,
    filter.seed !== undefined && Prisma.sql`(${readable} AND w.seed = ${BigInt(filter.seed)})`,
    hasAny(filter.topics) && Prisma.sql`i.topics && ${[...filter.topics]}::text[]`,
    hasAny(filter.kinds) && Prisma.sql`w.kind = ANY(${[...filter.kinds]}::text[])`,
    hasAny(filter.modelVersionIds) &&
      Prisma.sql`w.model_version_id = ANY(${[...filter.modelVersionIds]}::uuid[])`,
    filter.createdAfter !== undefined && Prisma.sql`w.created_at > ${filter.createdAfter}`,
    filter.createdBefore !== undefined && Prisma.sql`w.created_at < ${filter.createdBefore}`,
    filter.favouritesOnly === true &&
      Prisma.sql`EXISTS (SELECT FROM favourite f WHERE f.item_id = w.item_id AND f.person_id = ${viewerId}::uuid)`,
  ];
  return all.filter((condition) => condition !== false);
}

/** The expressions of the two search indexes in prisma/migrations/0001_init, word for word. */
function textCondition(text: string, readable: Prisma.Sql): Prisma.Sql {
  const query = Prisma.sql`websearch_to_tsquery('english', ${text})`;
  return Prisma.sql`(to_tsvector('english', w.words) @@ ${query}
    OR (${readable} AND to_tsvector('english', w.prompt) @@ ${query}))`;
}

const has = (text: string | undefined): text is string => text !== undefined && text.trim() !== '';
const hasAny = <T>(list: readonly T[] | undefined): list is readonly T[] =>
  list !== undefined && list.length > 0;
const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&');
