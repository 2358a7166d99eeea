/** A key that anybody may know: with it what it signed can be checked without asking us. */
export interface PublishedKey {
  readonly kid: string;
  /** The public key, 32 bytes as base64url. */
  readonly x: string;
  /** Whether new pictures are signed with it; the others only check what they signed in their time. */
  readonly signsNow: boolean;
}

export type SignatureCheck =
  | { readonly state: 'valid'; readonly keyId: string; readonly payload: string }
  | { readonly state: 'unknown-key'; readonly keyId: string }
  | { readonly state: 'forged'; readonly keyId: string | null };

/** Signs the manifests of pictures. */
export interface ManifestKeys {
  /** Newest first. */
  readonly published: readonly PublishedKey[];
  /** The text as a compact JWS, of the same length for texts of the same length. */
  sign(payload: string): string;
  check(jws: string): SignatureCheck;
}
