import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { ReferenceShelf } from '../../flow/ports.js';
import { readIfThere, writeWhole } from './disk-blobs.js';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Files named by the id of their row. One file, one row: deleting a picture cannot take another person's away. */
export function createReferenceShelf(folder: string): ReferenceShelf {
  const pathOf = (id: string) => {
    if (!UUID.test(id)) throw new Error(`the id of a reference picture was wanted, "${id}" came`);
    return path.join(folder, `${id}.png`);
  };
  return {
    put: (id, bytes) => writeWhole(pathOf(id), bytes),
    get: (id) => readIfThere(pathOf(id)),
    delete: (id) => rm(pathOf(id), { force: true }),
  };
}
