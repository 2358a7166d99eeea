import {
  type PictureManifest,
  type PictureOrigin,
  TRAINED_ALGORITHMIC_MEDIA,
} from '../../domain/picture-manifest.js';
import type { ManifestCheck } from '../../flow/ports.js';
import type { ManifestKeys } from '../../flow/ports/manifest-keys.js';
import { blankHash, blankOf, filledIn, readSeal } from './seal.js';

/** What is known of a file before its bytes are. */
export type Unsigned = PictureOrigin & Pick<PictureManifest, 'original' | 'format' | 'width'>;

const NO_HASH = '0'.repeat(64);

/**
 * A file that carries its own signed manifest: encoded with a blank in its place, hashed, and filled in. Nothing is encoded twice, and
 * every byte counts: metadata too, which a hash of the pixels would leave open.
 */
export async function signedFile(
  keys: ManifestKeys,
  facts: Unsigned,
  encode: (blank: string) => Promise<Uint8Array>,
): Promise<{ readonly bytes: Uint8Array; readonly manifest: string }> {
  const { length } = keys.sign(manifestText(facts, NO_HASH));
  const blank = await encode(blankOf(length));
  const manifest = keys.sign(manifestText(facts, blankHash(blank)));
  return { bytes: filledIn(blank, manifest), manifest };
}

function manifestText(
  { provider, model, recipe, madeAt, original, format, width }: Unsigned,
  contentHash: string,
): string {
  const manifest: PictureManifest = {
    ...{ v: 1, contentHash, original, format, width },
    ...{ digitalSourceType: TRAINED_ALGORITHMIC_MEDIA, provider, model, recipe, madeAt },
  };
  return JSON.stringify(manifest);
}

/** See PicturePipeline.checkManifest. */
export function checkManifest(keys: ManifestKeys, bytes: Uint8Array): ManifestCheck {
  const seal = readSeal(bytes);
  if (seal === null) return { state: 'NO_MANIFEST', keyId: null, manifest: null };
  const signature = keys.check(seal.jws);
  if (signature.state === 'unknown-key') return refused('UNKNOWN_KEY', signature.keyId);
  if (signature.state === 'forged') return refused('FORGED', signature.keyId);
  const manifest = JSON.parse(signature.payload) as PictureManifest; // signed by us: written by `manifestText`
  return manifest.contentHash === seal.contentHash
    ? { state: 'SIGNED', keyId: signature.keyId, manifest }
    : refused('CHANGED', signature.keyId);
}

function refused(state: 'CHANGED' | 'FORGED' | 'UNKNOWN_KEY', keyId: string | null): ManifestCheck {
  return { state, keyId, manifest: null };
}
