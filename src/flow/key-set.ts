import type { PublishedKey } from './ports/manifest-keys.js';

/** The public keys of manifests as a JSON Web Key Set (RFC 7517, RFC 8037), newest first: what any library checks a JWS with. */
export function keySet(published: readonly PublishedKey[]): object {
  return {
    keys: published.map(({ kid, x }) => ({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig', kid, x })),
  };
}
