import type { Media } from '../../domain/media.js';
import type { MediaStore } from '../../flow/ports/stores.js';
import type { StoreContext } from './store-context.js';

export function mediaStore({ db }: StoreContext): MediaStore {
  const saveAll = async (media: readonly Media[]): Promise<void> => {
    // the hash names the bytes: what is known already is the same
    await db.media.createMany({
      data: media.map(({ palette, ...facts }) => ({ ...facts, palette: [...palette] })),
      skipDuplicates: true,
    });
  };
  return {
    save: (media) => saveAll([media]),
    saveAll,
    byHashes: (hashes) => db.$queryRaw<Media[]>`
      SELECT hash, width, height, format, bytes, blur_hash AS "blurHash", alt, palette, ai_marked AS "aiMarked",
             perceptual_hash AS "perceptualHash"
        FROM media WHERE hash = ANY(${hashes})`,
    async withdraw(hashes) {
      await db.$executeRaw`
        DELETE FROM media WHERE hash = ANY(${[...hashes]})
           AND NOT EXISTS (SELECT FROM item WHERE item.media_hash = media.hash)`;
    },
  };
}
