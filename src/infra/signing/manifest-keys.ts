import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import type { ManifestKeys, PublishedKey, SignatureCheck } from '../../flow/ports/manifest-keys.js';
import { openPrivate, publicHalf, type StoredKey } from './stored-keys.js';

/** DER before the 32 bytes of a public key (RFC 8410). */
const PUBLIC_HEAD = Buffer.from('302a300506032b6570032100', 'hex');
/** The 64 bytes of a signature as base64url. */
const SIGNATURE_LENGTH = 86;

/**
 * Signs and checks as compact JWS (RFC 7515) with Ed25519 (RFC 8037), so that anybody can check with a library of their own. The first
 * key signs, all of them check; a key's id is its thumbprint (RFC 7638).
 */
export function createManifestKeys(keys: readonly StoredKey[]): ManifestKeys {
  const [newest] = keys;
  if (newest?.kind !== 'private')
    throw new Error('signing keys: a private key in the first place was wanted');
  const published = publishedKeys(keys);
  const known = new Map(published.map((key) => [key.kid, openPublic(key.x)]));
  const signing = openPrivate(newest.bytes);
  const header = toBase64(JSON.stringify({ alg: 'EdDSA', kid: published[0]?.kid }));
  return {
    published,
    sign(payload) {
      const text = `${header}.${toBase64(payload)}`;
      return `${text}.${sign(null, Buffer.from(text), signing).toString('base64url')}`;
    },
    check: (jws) => check(known, jws),
  };
}

/** As anybody may see them, in the same order. */
export function publishedKeys(keys: readonly StoredKey[]): PublishedKey[] {
  return keys.map((key, i) => publishedKey(publicHalf(key), i === 0));
}

function check(known: ReadonlyMap<string, KeyObject>, jws: string): SignatureCheck {
  const [header = '', payload = '', signature = '', ...rest] = jws.split('.');
  const keyId = keyIdIn(header);
  if (rest.length > 0 || keyId === null || !isCanonical(signature)) return { state: 'forged', keyId };
  const key = known.get(keyId);
  if (key === undefined) return { state: 'unknown-key', keyId };
  const isOurs = verify(null, Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'));
  if (!isOurs) return { state: 'forged', keyId };
  return { state: 'valid', keyId, payload: Buffer.from(payload, 'base64url').toString('utf8') };
}

/** The last letter of base64 has bits to spare that decoding drops: another text with the same bytes is another text. */
function isCanonical(signature: string): boolean {
  return (
    signature.length === SIGNATURE_LENGTH &&
    Buffer.from(signature, 'base64url').toString('base64url') === signature
  );
}

function keyIdIn(header: string): string | null {
  try {
    const { alg, kid } = JSON.parse(Buffer.from(header, 'base64url').toString('utf8')) as Record<
      string,
      unknown
    >;
    return alg === 'EdDSA' && typeof kid === 'string' ? kid : null;
  } catch {
    return null; // no JSON: not written by us
  }
}

function publishedKey(bytes: Uint8Array, signsNow: boolean): PublishedKey {
  const x = Buffer.from(bytes).toString('base64url');
  const thumbprint = JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }); // members in the order of RFC 7638
  const kid = createHash('sha256').update(thumbprint).digest('base64url');
  return { kid, x, signsNow };
}

function openPublic(x: string): KeyObject {
  const key = Buffer.concat([PUBLIC_HEAD, Buffer.from(x, 'base64url')]);
  return createPublicKey({ key, format: 'der', type: 'spki' });
}

const toBase64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64url');
