import { markOf } from '../../domain/gallery-marks.js';
import type { MediaHash } from '../../domain/ids.js';
import type { LookStore } from '../../flow/ports/gallery-stores.js';
import type { StoreContext } from './store-context.js';

export function lookStore({ db }: StoreContext): LookStore {
  return {
    async save(hash, look, colours) {
      await db.pictureLook.createMany({
        data: [{ hash, look: Uint8Array.from(look) }],
        skipDuplicates: true,
      });
      // works stored before colours were marked get them with their look
      const marks = colours.map((colour) => markOf('colour', colour));
      await db.$executeRaw`
        UPDATE work SET marks = marks || ${marks}::text[]
         WHERE item_id IN (SELECT item_id FROM work WHERE content_hash = ${hash} ORDER BY item_id FOR NO KEY UPDATE)
           AND NOT EXISTS (SELECT FROM unnest(marks) m WHERE m LIKE 'colour:%')`;
    },
    async byHashes(hashes) {
      const rows = await db.pictureLook.findMany({ where: { hash: { in: [...hashes] } } });
      return new Map(rows.map(({ hash, look }) => [hash as MediaHash, look]));
    },
    async without(limit) {
      const rows = await db.$queryRaw<{ hash: MediaHash }[]>`
        SELECT w.content_hash AS hash FROM work w JOIN media m ON m.hash = w.content_hash
         WHERE w.visibility <> 'HIDDEN' AND NOT EXISTS (SELECT FROM picture_look l WHERE l.hash = w.content_hash)
         ORDER BY w.created_at DESC LIMIT ${limit}`;
      return rows.map(({ hash }) => hash);
    },
  };
}
