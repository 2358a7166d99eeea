import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { StoreUnavailable } from '../../domain/errors.js';
import type { BlobStore } from '../../flow/ports.js';

const SHA256_HEX = /^[0-9a-f]{64}$/;

/**
 * Files named by the SHA-256 of their bytes: `<folder>/ab/cdef...`. A name that is not 64 hex digits never reaches the
 * disk, so there is no path to play tricks with. A file appears under its name only when it is complete.
 */
export function createDiskBlobs(folder: string): BlobStore {
  const pathOf = (hash: string) => path.join(folder, hash.slice(0, 2), hash.slice(2));

  return {
    async put(bytes) {
      const hash = createHash('sha256').update(bytes).digest('hex');
      const target = pathOf(hash);
      try {
        if (!(await exists(target))) await writeWhole(target, bytes);
      } catch (error) {
        throw codeOf(error) === undefined ? error : new StoreUnavailable(error); // disk full, read-only, unmounted
      }
      return hash;
    },
    async get(hash) {
      return SHA256_HEX.test(hash) ? readIfThere(pathOf(hash)) : null;
    },
    async has(hash) {
      return SHA256_HEX.test(hash) && (await exists(pathOf(hash)));
    },
    async remove(hash) {
      if (SHA256_HEX.test(hash)) await rm(pathOf(hash), { force: true });
    },
  };
}

/** Writes beside the target, flushes, then renames: a crash leaves the old state or the new one, never half a file. */
export async function writeWhole(target: string, bytes: Uint8Array, mode = 0o666): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true });
  const draft = `${target}.${randomUUID()}.part`;
  try {
    await writeFile(draft, bytes, { flag: 'wx', flush: true, mode });
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** The bytes of a file, or null where there is none. */
export async function readIfThere(file: string): Promise<Uint8Array | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
