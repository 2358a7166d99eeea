import { createPrivateKey, createPublicKey, randomBytes, type KeyObject } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { writeWhole } from '../storage/disk-blobs.js';

/** A signing key of ours, or one that only checks what it signed in its time. */
export interface StoredKey {
  readonly kind: 'private' | 'public';
  /** 32. */
  readonly bytes: Uint8Array;
}

const PREFIX = { private: 'sk_', public: 'pk_' } as const;
const ONE_KEY = /^(sk|pk)_([\w-]{43})$/;
/** DER before the 32 bytes of a private key (RFC 8410). */
const PRIVATE_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

export function newKey(): StoredKey {
  return { kind: 'private', bytes: randomBytes(32) };
}

export function openPrivate(bytes: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PRIVATE_HEAD, bytes]), format: 'der', type: 'pkcs8' });
}

/** The 32 bytes that are published of a key. */
export function publicHalf({ kind, bytes }: StoredKey): Uint8Array {
  if (kind === 'public') return bytes;
  return createPublicKey(openPrivate(bytes)).export({ format: 'der', type: 'spki' }).subarray(-32);
}

export function keyText({ kind, bytes }: StoredKey): string {
  return PREFIX[kind] + Buffer.from(bytes).toString('base64url');
}

/** Keys as texts, newest first: `sk_` signs, `pk_` only checks. */
export function parseKeys(texts: readonly string[]): StoredKey[] {
  return texts.map((text, i) => {
    const [, prefix, digits = ''] = ONE_KEY.exec(text) ?? [];
    const bytes = Buffer.from(digits, 'base64url');
    if (bytes.length !== 32) throw new Error(`signing key ${i + 1}: sk_ or pk_ and 43 letters were wanted`);
    return { kind: prefix === 'sk' ? 'private' : 'public', bytes };
  });
}

const fileIn = (home: string): string => path.join(home, 'signing-keys');

/** The installation's own keys: the first one is made once; a line each, newest first, readable by its owner only. */
export async function localKeys(home: string): Promise<StoredKey[]> {
  await mkdir(home, { recursive: true });
  try {
    await writeFile(fileIn(home), `${keyText(newKey())}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const lines = (await readFile(fileIn(home), 'utf8')).split('\n');
  return parseKeys(lines.filter((line) => line !== ''));
}

/** A new key in front; of those before it only the public halves are kept, so that nobody can sign with them any more. */
export function rotated(keys: readonly StoredKey[]): StoredKey[] {
  return [newKey(), ...keys.map((key): StoredKey => ({ kind: 'public', bytes: publicHalf(key) }))];
}

/** From the next start on. A copy of the file is never half written. */
export async function replaceLocalKeys(home: string, keys: readonly StoredKey[]): Promise<void> {
  await writeWhole(fileIn(home), Buffer.from(keys.map((key) => `${keyText(key)}\n`).join('')), 0o600);
}
