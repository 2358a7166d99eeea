import type { ItemId, PersonId } from '../../domain/ids.js';
import type { Work } from '../../domain/work.js';
import type { StackStore } from '../../flow/ports/gallery-stores.js';
import { Prisma } from '../../generated/prisma/client.js';
import type { Db, StoreContext } from './store-context.js';
import { uuids } from './uuids.js';

/** Of 64 bits of the perceptual hash, how many may differ between near-equal pictures of one family (Zauner 2010: up to 10). */
const NEAR_BITS = 10;

export function stackStore({ db }: StoreContext): StackStore {
  return {
    async sizes(viewerId, itemIds) {
      const rows = await db.$queryRaw<{ itemId: ItemId; size: number }[]>`
        SELECT w.item_id AS "itemId", (SELECT count(*)::int FROM work o WHERE o.stack_id = w.stack_id AND ${seen(viewerId)}) AS size
          FROM work w WHERE w.item_id = ANY(${uuids(itemIds)}::uuid[])`;
      return new Map(rows.map(({ itemId, size }) => [itemId, size]));
    },
    async idsOf(itemIds) {
      const where = { itemId: { in: uuids(itemIds) } };
      const rows = await db.work.findMany({ where, select: { itemId: true, stackId: true } });
      return new Map(rows.map(({ itemId, stackId }) => [itemId as ItemId, stackId]));
    },
    async variantsOf(viewerId, itemId, limit) {
      const rows = await db.$queryRaw<{ itemId: ItemId }[]>`
        SELECT o.item_id AS "itemId" FROM work w JOIN work o ON (o.stack_id = w.stack_id OR o.job_id = w.job_id)
         WHERE w.item_id = ANY(${uuids([itemId])}::uuid[]) AND o.item_id <> w.item_id AND ${seen(viewerId)}
         ORDER BY o.standing DESC, o.item_id DESC LIMIT ${limit}`;
      return rows.map((row) => row.itemId);
    },
  };
}

const seen = (viewerId: PersonId | null): Prisma.Sql =>
  viewerId === null
    ? Prisma.sql`o.visibility = 'PUBLIC'`
    : Prisma.sql`(o.visibility = 'PUBLIC' OR (o.author_id = ${viewerId}::uuid AND o.visibility <> 'HIDDEN'))`;

/**
 * The stack a new work belongs to: that of the nearest picture among its author's works of the same job or the same parent,
 * and its parent itself, where their perceptual hashes agree; otherwise a stack of its own.
 */
export async function stackFor(db: Db, work: Work): Promise<string> {
  const [near] = await db.$queryRaw<{ stackId: string }[]>`
    SELECT k.stack_id AS "stackId" FROM work k
      JOIN media theirs ON theirs.hash = k.content_hash JOIN media mine ON mine.hash = ${work.contentHash}
     WHERE k.author_id = ${work.authorId}::uuid AND theirs.perceptual_hash IS NOT NULL AND mine.perceptual_hash IS NOT NULL
       AND (k.job_id = ${work.jobId}::uuid OR k.item_id = ${work.parentId}::uuid OR k.parent_id = ${work.parentId}::uuid)
       AND bit_count(${bits('theirs')} # ${bits('mine')}) <= ${NEAR_BITS}
     ORDER BY bit_count(${bits('theirs')} # ${bits('mine')}), k.created_at LIMIT 1`;
  return near?.stackId ?? work.itemId;
}

const bits = (media: 'theirs' | 'mine'): Prisma.Sql =>
  Prisma.raw(`('x' || ${media}.perceptual_hash)::bit(64)`);
