import { coloursOf, galleryMarks } from '../../domain/gallery-marks.js';
import type { ItemId, JobId } from '../../domain/ids.js';
import type { Item, Visibility } from '../../domain/item.js';
import type { Work } from '../../domain/work.js';
import type { WorkStore } from '../../flow/ports/stores.js';
import { asJson } from './as-json.js';
import { stackFor } from './stack-store.js';
import type { Db, StoreContext } from './store-context.js';
import { toWork } from './to-work.js';
import { uuids } from './uuids.js';

export function workStore({ db, together }: StoreContext): WorkStore {
  return {
    save: (work, item) => together((tx) => saveOnce(tx, work, item)),
    byItemIds: async (ids) => (await db.work.findMany({ where: { itemId: { in: uuids(ids) } } })).map(toWork),
    byJobs: async (jobIds: readonly JobId[]) =>
      (
        await db.work.findMany({
          where: { jobId: { in: uuids(jobIds) } },
          orderBy: [{ jobId: 'asc' }, { index: 'asc' }],
        })
      ).map(toWork),
    remixesOf: async (parentId: ItemId, limit) =>
      (
        await db.work.findMany({
          where: { parentId: { in: uuids([parentId]) } },
          orderBy: [{ createdAt: 'desc' }, { itemId: 'desc' }],
          take: limit,
        })
      ).map(toWork),
    setVisibility: (itemId, visibility) =>
      together(async (tx) => {
        const [before] = await tx.$queryRaw<{ was: Visibility }[]>`
          SELECT visibility AS was FROM work WHERE item_id = ANY(${uuids([itemId])}::uuid[]) AND visibility <> 'HIDDEN'
             FOR NO KEY UPDATE`;
        if (before === undefined) return null;
        await tx.item.updateMany({ where: { id: itemId }, data: { visibility } }); // the work follows by trigger
        return before.was;
      }),
    async setRecipeShared(itemId, shared) {
      await db.work.updateMany({
        where: { itemId: { in: uuids([itemId]) } },
        data: { recipeShared: shared },
      });
    },
  };
}

async function saveOnce(db: Db, work: Work, item: Item): Promise<{ isNew: boolean; itemId: ItemId }> {
  // two attempts of one job may be alive at once: the lock makes the later one see what the earlier one stored
  await db.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`work ${work.jobId}`}, 0))`;
  const known = await db.work.findUnique({
    where: { jobId_index: { jobId: work.jobId, index: work.index } },
    select: { itemId: true },
  });
  if (known !== null) return { isNew: false, itemId: known.itemId as ItemId };
  const { topics, attributes, ...facts } = item;
  await db.item.create({ data: { ...facts, topics: [...topics], attributes: asJson(attributes) } });
  const { recipe, basedOn, verdicts, ...rest } = work;
  const { prompt, seed, ...settings } = recipe;
  const media = await db.media.findUnique({ where: { hash: work.contentHash }, select: { palette: true } });
  const colours = coloursOf(media?.palette ?? []);
  await db.work.create({
    data: {
      ...rest,
      prompt,
      seed: BigInt(seed),
      settings: asJson(settings),
      basedOn: [...basedOn],
      ...(verdicts === null ? {} : { verdicts: asJson(verdicts) }),
      words: [item.title, ...topics].join(' '),
      visibility: item.visibility,
      marks: galleryMarks(work, item, colours),
      stackId: await stackFor(db, work),
    },
  });
  return { isNew: true, itemId: work.itemId };
}
