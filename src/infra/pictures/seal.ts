import { createHash } from 'node:crypto';
import { isPng, renewChecksum } from './png-packet.js';

const BEFORE = 'vitrine:Manifest="';
/** What stands where a manifest will: as long as it, so that nothing moves when it is filled in. */
const FILLER = '0';

/** What a picture file says of itself: the signed text in it, and the hash of everything else. */
export interface Seal {
  readonly jws: string;
  /** Null where the file could not have been made by filling in the manifest, e.g. for a checksum that is wrong. */
  readonly contentHash: string | null;
}

export const blankOf = (length: number): string => FILLER.repeat(length);

/** SHA-256 of a file whose manifest is still blank. */
export function blankHash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Puts the manifest where its blank stands; the file grows by nothing, and no other byte changes but a PNG's checksum. */
export function filledIn(bytes: Uint8Array, manifest: string): Uint8Array {
  const file = Buffer.from(bytes);
  const at = file.indexOf(BEFORE, 0, 'latin1') + BEFORE.length;
  const blank = file.subarray(at, at + manifest.length + 1).toString('latin1');
  if (blank !== `${blankOf(manifest.length)}"`)
    throw new Error('a picture with a blank of the manifest’s length was wanted');
  write(file, at, manifest);
  return file;
}

/** Reads the manifest of a file; null where it has none. Every byte of the file is in the hash or in the manifest. */
export function readSeal(bytes: Uint8Array): Seal | null {
  const file = Buffer.from(bytes);
  const start = file.indexOf(BEFORE, 0, 'latin1');
  const at = start + BEFORE.length;
  const end = start < 0 ? -1 : file.indexOf('"', at, 'latin1');
  if (end < 0) return null;
  const jws = file.subarray(at, end).toString('latin1');
  if (!/^[\w.-]+$/.test(jws)) return null;
  write(file, at, blankOf(jws.length));
  const contentHash = blankHash(file);
  write(file, at, jws);
  return { jws, contentHash: file.equals(bytes) ? contentHash : null };
}

function write(file: Buffer, at: number, text: string): void {
  file.write(text, at, 'latin1');
  if (isPng(file)) renewChecksum(file, at);
}
