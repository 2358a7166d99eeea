import type { ImportRun, ImportStore } from '../../flow/ports/import-store.js';
import type { ImportRun as Row } from '../../generated/prisma/client.js';
import type { Db, StoreContext } from './store-context.js';

const toRun = (row: Row): ImportRun => ({
  id: row.id,
  format: row.format,
  source: row.source,
  state: row.state as ImportRun['state'],
  position: row.position as Record<string, number>,
  rowsRead: row.rowsRead,
  rowsAccepted: row.rowsAccepted,
  rowsRejected: row.rowsRejected,
});

export function importStore({ db, ids }: StoreContext): ImportStore {
  return {
    async open(format, source, at) {
      // the index over unfinished runs lets only one of two simultaneous starts insert
      await db.$executeRaw`
        INSERT INTO import_run (id, format, source, state, opened_at)
        VALUES (${ids.next()}::uuid, ${format}, ${source}, 'RUNNING', ${at}) ON CONFLICT DO NOTHING`;
      return toRun(await db.importRun.findFirstOrThrow({ where: { format, source, state: 'RUNNING' } }));
    },
    advance: (id, delta) => advance(db, id, delta),
    async close(id, state, at) {
      return toRun(await db.importRun.update({ where: { id }, data: { state, closedAt: at } }));
    },
    async rejections(id, limit) {
      const rows = await db.importRejection.findMany({
        where: { runId: id },
        orderBy: { seq: 'asc' },
        take: limit,
      });
      return rows.map(({ file, line, reason }) => ({ file, line, reason }));
    },
  };
}

async function advance(
  db: Db,
  id: string,
  { position, read, accepted, rejections }: Parameters<ImportStore['advance']>[1],
): Promise<void> {
  await db.$executeRaw`
    WITH moved AS (
      UPDATE import_run SET position = position || ${JSON.stringify(position)}::jsonb, rows_read = rows_read + ${read},
             rows_accepted = rows_accepted + ${accepted}, rows_rejected = rows_rejected + ${rejections.length}
       WHERE id = ${id}::uuid
    )
    INSERT INTO import_rejection (run_id, file, line, reason)
    SELECT ${id}::uuid, file, line, reason
      FROM jsonb_to_recordset(${JSON.stringify(rejections)}::jsonb) AS x(file text, line int, reason text)`;
}
