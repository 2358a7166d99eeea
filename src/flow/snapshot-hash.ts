import type { ItemId } from '../domain/ids.js';
import { sha256 } from '../domain/sha256.js';
import type { TrainingRow } from './ports/stores.js';

/** Names what a model learned from: the same items and events give the same name, whatever the seed numbered them. */
export interface SnapshotHash {
  events(rows: readonly TrainingRow[]): void;
  /** Items with what is known of their content, in the order of their ids. */
  items(ids: readonly ItemId[], vectors: ReadonlyMap<ItemId, Float32Array>): void;
  digest(): string;
}

/** Streamed beside the reading of the log: a second for a million events, and nothing is kept. */
export function snapshotHash(): SnapshotHash {
  const hash = sha256();
  const text = new TextEncoder();
  return {
    events(rows) {
      const lines = rows.map(
        ({ personId, itemId, type, value, at }) =>
          `event ${personId} ${itemId} ${type} ${value ?? '-'} ${at.getTime()}\n`,
      );
      hash.update(text.encode(lines.join('')));
    },
    items(ids, vectors) {
      for (const id of [...ids].sort()) {
        const vector = vectors.get(id);
        hash.update(text.encode(`item ${id} ${vector?.length ?? 0}\n`));
        if (vector) hash.update(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength));
      }
    },
    digest: () => hash.digest(),
  };
}
