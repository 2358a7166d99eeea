import type { ItemId, JobId, PersonId } from '../../domain/ids.js';
import type { Item } from '../../domain/item.js';
import type { Work } from '../../domain/work.js';
import type { GalleryFilter, GalleryPage, WorkStore } from '../../flow/ports/stores.js';
import { asJson } from './as-json.js';
import { type GalleryPosition, galleryIds } from './gallery-ids.js';
import type { Db, StoreContext } from './store-context.js';
import { toItem } from './to-item.js';
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
    gallery: (viewerId, filter, page) => galleryPage(db, viewerId, filter, page),
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
  const { recipe, basedOn, ...rest } = work;
  const { prompt, seed, ...settings } = recipe;
  await db.work.create({
    data: {
      ...rest,
      prompt,
      seed: BigInt(seed),
      settings: asJson(settings),
      basedOn: [...basedOn],
      words: [item.title, ...topics].join(' '),
    },
  });
  return { isNew: true, itemId: work.itemId };
}

async function galleryPage(
  db: Db,
  viewerId: PersonId,
  filter: GalleryFilter,
  page: { readonly first: number; readonly after?: GalleryPosition },
): Promise<GalleryPage> {
  const { ids, total } = await galleryIds(db, viewerId, filter, page);
  const rows = await db.work.findMany({
    where: { itemId: { in: ids.slice(0, page.first) } },
    include: { item: true },
    orderBy: [{ createdAt: 'desc' }, { itemId: 'desc' }],
  });
  const works = rows.map(({ item, ...work }) => ({ ...toWork(work), item: toItem(item) }));
  return { works, hasNext: ids.length > page.first, total };
}
