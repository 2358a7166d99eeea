import { markOf, type MarkKind } from '../../domain/gallery-marks.js';
import type { ItemId, PersonId } from '../../domain/ids.js';
import type { GalleryFilter } from '../../flow/ports/gallery-stores.js';
import { Prisma } from '../../generated/prisma/client.js';

type Condition = Prisma.Sql | false;

/** A family is walked this far up and holds at most this many works. */
const GENERATIONS = 40;
const FAMILY = 2_000;

/**
 * What the filter asks of the work under this name in the statement (`w`, or `o` for another one of its stack), visibility
 * apart. Prompt, seed and settings are asked only where the viewer may read them, labels only of own works.
 */
export function galleryConditions(viewerId: PersonId, filter: GalleryFilter, name: 'w' | 'o'): Prisma.Sql[] {
  const w = Prisma.raw(name);
  const own = Prisma.sql`${w}.author_id = ${viewerId}::uuid`;
  const readable = Prisma.sql`(${w}.recipe_shared OR ${own})`;
  const context = { w, own, readable, viewerId };
  return [
    ...markConditions(filter, context),
    ...wordConditions(filter, context),
    ...personalConditions(filter, context),
    ...madeBetween(filter, name),
    ...leastStanding(filter, name),
    ...lineageConditions(filter, context),
  ].filter((condition) => condition !== false);
}

export function madeBetween({ createdAfter, createdBefore }: GalleryFilter, name: 'w' | 'o'): Prisma.Sql[] {
  const createdAt = Prisma.raw(`${name}.created_at`);
  return [
    createdAfter !== undefined && Prisma.sql`${createdAt} > ${createdAfter}`,
    createdBefore !== undefined && Prisma.sql`${createdAt} < ${createdBefore}`,
  ].filter((condition) => condition !== false);
}

/**
 * Who has a mean of r stands at no less than min(r, (r + 6) / 3): the two votes of 3 that every work is given move a single vote
 * of r that far. It adds nothing to the filter, but bounds the order by ratings, and its index finds what is rated so.
 */
export function leastStanding({ minRating }: GalleryFilter, name: 'w' | 'o'): Prisma.Sql[] {
  if (minRating === undefined) return [];
  const least = Math.floor(1000 * Math.min(minRating, (minRating + 6) / 3)) - 1;
  return [Prisma.sql`${Prisma.raw(name)}.standing >= ${least}`];
}

interface Context {
  readonly w: Prisma.Sql;
  readonly own: Prisma.Sql;
  readonly readable: Prisma.Sql;
  readonly viewerId: PersonId;
}

/** One value each in the filter, and any of a list: lists that came empty ask for nothing. */
const PUBLIC_LISTS = {
  kinds: 'kind',
  providers: 'provider',
  models: 'model',
  styles: 'style',
  colours: 'colour',
  topics: 'topic',
} as const satisfies Partial<Record<keyof GalleryFilter, MarkKind>>;
const RECIPE_VALUES = ['steps', 'guidance', 'width', 'height', 'strength'] as const;

function markConditions(filter: GalleryFilter, { w, readable }: Context): Condition[] {
  const lists = (Object.keys(PUBLIC_LISTS) as (keyof typeof PUBLIC_LISTS)[]).map((field) => {
    const wanted = (filter[field] ?? []).map((value) => markOf(PUBLIC_LISTS[field], value));
    return anyMark(w, wanted);
  });
  const settings = RECIPE_VALUES.flatMap((field) => {
    const value = filter[field];
    return value === undefined ? [] : [markOf(field, value)];
  });
  const secret = [
    settings.length > 0 && Prisma.sql`${w}.marks @> ${settings}::text[]`,
    anyMark(
      w,
      (filter.facets ?? []).map((facet) => markOf('facet', facet)),
    ),
    filter.seed !== undefined && Prisma.sql`${w}.seed = ${BigInt(filter.seed)}`,
  ].filter((condition) => condition !== false);
  return [...lists, ...secret, secret.length > 0 && readable];
}

/** One value is asked by containment: its selectivity is known better than that of an overlap. */
function anyMark(w: Prisma.Sql, marks: readonly string[]): Condition {
  if (marks.length === 0) return false;
  return marks.length === 1
    ? Prisma.sql`${w}.marks @> ${[...marks]}::text[]`
    : Prisma.sql`${w}.marks && ${[...marks]}::text[]`;
}

function wordConditions({ text, promptContains }: GalleryFilter, { w, own, readable }: Context): Condition[] {
  const query = Prisma.sql`websearch_to_tsquery('english', ${text ?? ''})`;
  return [
    has(text) &&
      Prisma.sql`(${w}.words_search @@ ${query} OR (${w}.recipe_shared AND ${w}.prompt_search @@ ${query})
        OR (${own} AND ${w}.own_search @@ ${query}))`,
    has(promptContains) &&
      Prisma.sql`(${readable} AND lower(${w}.prompt) LIKE ${`%${escapeLike(promptContains.toLowerCase())}%`})`,
  ];
}

function personalConditions(filter: GalleryFilter, { w, own, viewerId }: Context): Condition[] {
  const { tags, modelVersionIds, visibility, minRating } = filter;
  return [
    (filter.mine === true || hasAny(tags)) && own,
    hasAny(tags) && Prisma.sql`${w}.tags && ${[...tags]}::text[]`,
    hasAny(modelVersionIds) && Prisma.sql`${w}.model_version_id = ANY(${[...modelVersionIds]}::uuid[])`,
    hasAny(visibility) && Prisma.sql`${w}.visibility = ANY(${[...visibility]}::text[])`,
    minRating !== undefined && Prisma.sql`${w}.rating >= ${minRating}::real`,
    filter.favouritesOnly === true &&
      Prisma.sql`${w}.item_id IN (SELECT f.item_id FROM favourite f WHERE f.person_id = ${viewerId}::uuid)`,
  ];
}

function lineageConditions(
  { parentId, basedOn, lineageOf, collectionId }: GalleryFilter,
  { w }: Context,
): Condition[] {
  return [
    parentId !== undefined && Prisma.sql`${w}.parent_id = ${parentId}::uuid`,
    basedOn !== undefined && Prisma.sql`${w}.based_on @> ARRAY[${basedOn}::uuid]`,
    lineageOf !== undefined && Prisma.sql`${w}.item_id IN (${family(lineageOf)})`,
    collectionId !== undefined &&
      Prisma.sql`${w}.item_id IN (SELECT c.item_id FROM collection_item c WHERE c.collection_id = ${collectionId}::uuid)`,
  ];
}

/** Up from parent to parent, then down from the eldest; UNION, so that a circle (there should be none) ends. */
const family = (itemId: ItemId): Prisma.Sql => Prisma.sql`
  WITH RECURSIVE elders AS (
    SELECT ${itemId}::uuid AS id, 0 AS steps
    UNION SELECT k.parent_id, e.steps + 1 FROM elders e JOIN work k ON k.item_id = e.id
           WHERE k.parent_id IS NOT NULL AND e.steps < ${GENERATIONS}
  ), kin AS (
    (SELECT id FROM elders ORDER BY steps DESC LIMIT 1)
    UNION SELECT k.item_id FROM kin JOIN work k ON k.parent_id = kin.id
  )
  SELECT id FROM kin LIMIT ${FAMILY}`;

const has = (text: string | undefined): text is string => text !== undefined && text.trim() !== '';
const hasAny = <T>(list: readonly T[] | undefined): list is readonly T[] =>
  list !== undefined && list.length > 0;
const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&');
