import type { MediaHash } from '../../domain/ids.js';
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
  const byHashes: MediaStore['byHashes'] = (hashes) => db.$queryRaw<Media[]>`
    SELECT hash, width, height, format, bytes, blur_hash AS "blurHash", alt, palette, ai_marked AS "aiMarked",
           perceptual_hash AS "perceptualHash"
      FROM media WHERE hash = ANY(${hashes})`;
  return {
    async near(perceptualHash, bits, limit) {
      const rows = await db.$queryRaw<{ hash: MediaHash }[]>`
        SELECT m.hash FROM media m, (SELECT ('x' || ${perceptualHash})::bit(64) AS bits) asked
         WHERE m.perceptual_hash IS NOT NULL AND EXISTS (SELECT FROM work w WHERE w.content_hash = m.hash)
           AND bit_count(('x' || m.perceptual_hash)::bit(64) # asked.bits) <= ${bits}
         ORDER BY bit_count(('x' || m.perceptual_hash)::bit(64) # asked.bits), m.hash LIMIT ${limit}`;
      const found = new Map(
        (await byHashes(rows.map(({ hash }) => hash))).map((media) => [media.hash, media]),
      );
      return rows.flatMap(({ hash }) => found.get(hash) ?? []);
    },
    save: (media) => saveAll([media]),
    saveAll,
    byHashes,
    async withdraw(hashes) {
      await db.$executeRaw`
        DELETE FROM media WHERE hash = ANY(${[...hashes]})
           AND NOT EXISTS (SELECT FROM item WHERE item.media_hash = media.hash)`;
    },
  };
}
