import type { TraitStore, WorkTraits } from '../../flow/ports/gallery-stores.js';
import { Prisma } from '../../generated/prisma/client.js';
import type { StoreContext } from './store-context.js';
import { uuids } from './uuids.js';
import { decodeVector } from './vectors.js';

type Row = Omit<WorkTraits, 'meaning'> & { readonly vector: Uint8Array | null };

export function traitStore({ db }: StoreContext): TraitStore {
  return {
    async read(which) {
      const [where, limit] =
        'ids' in which
          ? [Prisma.sql`w.item_id = ANY(${uuids(which.ids)}::uuid[])`, which.ids.length]
          : [Prisma.sql`w.visibility <> 'HIDDEN'`, which.newest];
      const rows = await db.$queryRaw<Row[]>`
        SELECT w.item_id AS "itemId", w.author_id AS "ownerId", w.visibility, l.look, array_send(v.vector) AS vector
          FROM work w LEFT JOIN picture_look l ON l.hash = w.content_hash LEFT JOIN item_vector v ON v.item_id = w.item_id
         WHERE ${where} ORDER BY w.created_at DESC LIMIT ${limit}`;
      return rows.map(({ vector, ...row }) => ({
        ...row,
        meaning: vector === null ? null : decodeVector(vector),
      }));
    },
  };
}
