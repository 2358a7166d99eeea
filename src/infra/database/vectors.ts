import type { CatalogueId, ItemId } from '../../domain/ids.js';
import type { Db } from './store-context.js';

interface Row {
  readonly itemId: string;
  readonly bytes: Uint8Array;
}

export async function saveVectors(db: Db, vectors: ReadonlyMap<ItemId, Float32Array>): Promise<void> {
  if (vectors.size === 0) return;
  const rows = [...vectors].map(([id, vector]) => ({ id, vector: [...vector] }));
  await db.$executeRaw`
    INSERT INTO item_vector (item_id, vector)
    SELECT id, vector FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS x(id uuid, vector real[]) ORDER BY id
    ON CONFLICT (item_id) DO UPDATE SET vector = excluded.vector`;
}

export async function readVectors(db: Db, ids: readonly ItemId[]): Promise<Map<ItemId, Float32Array>> {
  return toMap(
    await db.$queryRaw<Row[]>`
      SELECT item_id AS "itemId", array_send(vector) AS bytes FROM item_vector WHERE item_id = ANY(${ids}::uuid[])`,
  );
}

export async function readAllVectors(db: Db, catalogueId: CatalogueId): Promise<Map<ItemId, Float32Array>> {
  return toMap(
    await db.$queryRaw<Row[]>`
      SELECT v.item_id AS "itemId", array_send(v.vector) AS bytes
        FROM item_vector v JOIN item i ON i.id = v.item_id WHERE i.catalogue_id = ${catalogueId}::uuid ORDER BY i.id`,
  );
}

const toMap = (rows: readonly Row[]): Map<ItemId, Float32Array> =>
  new Map(rows.map(({ itemId, bytes }) => [itemId as ItemId, decodeVector(bytes)]));

/** Postgres' binary form of a one-dimensional real[]: five int32 of header, then length and value of each element. */
const HEADER_BYTES = 20;
const ELEMENT_BYTES = 8;

export function decodeVector(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Math.max(0, (bytes.byteLength - HEADER_BYTES) / ELEMENT_BYTES);
  return Float32Array.from({ length }, (_, i) => view.getFloat32(HEADER_BYTES + i * ELEMENT_BYTES + 4));
}
