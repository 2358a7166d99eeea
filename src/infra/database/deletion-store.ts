import type { ItemId, MediaHash } from '../../domain/ids.js';
import type { Visibility } from '../../domain/item.js';
import type { DeletionStore } from '../../flow/ports/gallery-stores.js';
import { holdWorks } from './row-locks.js';
import type { Db, StoreContext } from './store-context.js';
import { uuids } from './uuids.js';

/** A deleted work is hidden first, which every reader heeds already; its rows and bytes go when the time of grace is over. */
export function deletionStore({ db, together }: StoreContext): DeletionStore {
  return {
    hide: (authorId, itemIds, at) =>
      together(async (tx) => {
        await holdWorks(tx, itemIds);
        const hidden = await tx.$queryRaw<{ itemId: ItemId; was: Visibility }[]>`
          UPDATE work SET deleted_at = ${at}, visibility_before = visibility
           WHERE item_id = ANY(${uuids(itemIds)}::uuid[]) AND author_id = ${authorId}::uuid AND visibility <> 'HIDDEN'
          RETURNING item_id AS "itemId", visibility AS was`;
        await tx.item.updateMany({ where: { id: { in: idsOf(hidden) } }, data: { visibility: 'HIDDEN' } });
        return hidden;
      }),
    restore: (authorId, itemIds) =>
      together(async (tx) => {
        await holdWorks(tx, itemIds);
        const back = await tx.$queryRaw<{ itemId: ItemId; visibility: Visibility }[]>`
          UPDATE work w SET deleted_at = NULL, visibility_before = NULL FROM work before
           WHERE before.item_id = w.item_id AND w.item_id = ANY(${uuids(itemIds)}::uuid[])
             AND w.author_id = ${authorId}::uuid AND w.deleted_at IS NOT NULL
          RETURNING w.item_id AS "itemId", before.visibility_before AS visibility`;
        await tx.$executeRaw`
          UPDATE item SET visibility = x.visibility FROM jsonb_to_recordset(${JSON.stringify(back)}::jsonb)
            AS x("itemId" uuid, visibility text) WHERE item.id = x."itemId"`;
        return back;
      }),
    due: async (before, limit) =>
      (
        await db.work.findMany({
          where: { deletedAt: { lt: before } },
          orderBy: { deletedAt: 'asc' },
          take: limit,
          select: { itemId: true },
        })
      ).map(({ itemId }) => itemId as ItemId),
    remove: (itemId) => together((tx) => remove(tx, itemId)),
  };
}

const idsOf = (rows: readonly { readonly itemId: ItemId }[]) => rows.map(({ itemId }) => itemId);

/**
 * Locks the work first: a deletion that is taken back in this moment is either whole or too late. Its remixes with it, which forget
 * their parent when the item goes.
 */
async function remove(db: Db, itemId: ItemId): Promise<MediaHash[]> {
  await db.$executeRaw`
    SELECT FROM work WHERE item_id = ${itemId}::uuid OR parent_id = ${itemId}::uuid ORDER BY item_id FOR NO KEY UPDATE`;
  const [work] = await db.$queryRaw<{ hash: MediaHash; jobId: string }[]>`
    SELECT content_hash AS hash, job_id AS "jobId" FROM work WHERE item_id = ${itemId}::uuid AND deleted_at IS NOT NULL FOR UPDATE`;
  if (work === undefined) return [];
  await db.favourite.deleteMany({ where: { itemId } });
  await db.$executeRaw`UPDATE collection SET cover_id = NULL WHERE cover_id = ${itemId}::uuid`;
  await db.explanation.deleteMany({ where: { itemId } });
  await db.work.deleteMany({ where: { itemId } });
  await db.item.deleteMany({ where: { id: itemId } });
  const unused: MediaHash[] = [];
  for (const hash of [work.hash, ...(await previewsOf(db, work.jobId))])
    if (await isUnused(db, hash)) unused.push(hash);
  await db.pictureLook.deleteMany({ where: { hash: { in: unused } } });
  await db.media.deleteMany({ where: { hash: { in: unused } } });
  return unused;
}

/** Previews show the picture as well: they go with the last work of their job. */
async function previewsOf(db: Db, jobId: string): Promise<MediaHash[]> {
  if ((await db.work.count({ where: { jobId } })) > 0) return [];
  const rows = await db.$queryRaw<{ hash: MediaHash }[]>`
    SELECT DISTINCT body->>'previewHash' AS hash FROM job_event
     WHERE job_id = ${jobId}::uuid AND kind = 'PROGRESSED' AND body->>'previewHash' IS NOT NULL`;
  return rows.map(({ hash }) => hash);
}

async function isUnused(db: Db, hash: MediaHash): Promise<boolean> {
  const items = await db.item.count({ where: { mediaHash: hash } });
  return items + (await db.work.count({ where: { contentHash: hash } })) === 0;
}
