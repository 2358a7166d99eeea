import { DomainError } from '../domain/errors.js';
import type { MediaHash } from '../domain/ids.js';
import { PICTURE_WIDTHS, type Media, type PictureFormat, type PictureWidth } from '../domain/media.js';
import { sha256 } from '../domain/sha256.js';
import type { ManifestCheck, Ports } from './ports.js';
import { type Provenance, verifyProvenance } from './verify-provenance.js';

/** ORIGINAL, RENDITION: these very bytes are ours. SIMILAR: a picture of ours looks like it, bytes differ. */
export type PictureMatch = 'ORIGINAL' | 'RENDITION' | 'SIMILAR' | 'NONE';

export interface PictureVerdict {
  readonly match: PictureMatch;
  /** True only for the bytes as they were published: one changed bit makes it false. */
  readonly verified: boolean;
  /** What the manifest in the file says, if it is as we signed it. */
  readonly check: ManifestCheck;
  /** What the picture says of itself; anybody can write or remove that. */
  readonly aiMarked: boolean;
  readonly provenance: Provenance | null;
}

/** Differences of 64 bits of the perceptual hash up to which a picture is worth comparing (as for stacks: 10; fewer here, strangers ask). */
const NEAR_BITS = 6;
const CANDIDATES = 10;

/**
 * Where a picture comes from that somebody holds in their hand. Bytes that carry our signature, and bytes that we hold ourselves, are
 * verified; a look-alike is only said to be one. Of a private work no more is told than the file itself says.
 */
export async function verifyPicture(
  ports: Pick<Ports, 'stores' | 'pictures'>,
  bytes: Uint8Array,
): Promise<PictureVerdict> {
  const check = ports.pictures.checkManifest(bytes);
  if (check.state !== 'SIGNED') return verifyUnsigned(ports, bytes, check);
  const original = (check.manifest.original ?? hashOf(bytes)) as MediaHash;
  const match = check.manifest.original === null ? 'ORIGINAL' : 'RENDITION';
  return {
    match,
    verified: true,
    check,
    aiMarked: true,
    provenance: await verifyProvenance(ports, original),
  };
}

/** Catalogue art and what was made before there were manifests: known by its bytes alone. */
async function verifyUnsigned(
  ports: Pick<Ports, 'stores' | 'pictures'>,
  bytes: Uint8Array,
  check: ManifestCheck,
): Promise<PictureVerdict> {
  const hash = hashOf(bytes);
  const seen = await ports.pictures.inspect(bytes).catch((error: unknown) => {
    if (check.state === 'NO_MANIFEST' || !(error instanceof DomainError)) throw error;
    return null; // a signed file that was changed may be no whole picture any more: that it was changed is the answer
  });
  if (seen === null) return { match: 'NONE', verified: false, check, aiMarked: false, provenance: null };
  const told = { check, aiMarked: seen.aiMarked };
  const original = await verifyProvenance(ports, hash);
  if (original !== null) return { match: 'ORIGINAL', verified: true, ...told, provenance: original };
  let similar: Provenance | null = null;
  for (const media of await ports.stores.media.near(seen.perceptualHash, NEAR_BITS, CANDIDATES)) {
    const provenance = await verifyProvenance(ports, media.hash);
    if (provenance === null) continue;
    if (await isRendition(ports, media, { ...seen, hash }))
      return { match: 'RENDITION', verified: true, ...told, provenance };
    similar ??= provenance;
  }
  return { match: similar === null ? 'NONE' : 'SIMILAR', verified: false, ...told, provenance: similar };
}

/** Encoders are deterministic and renditions are kept: the one of this size and format has the same bytes, or it is none of ours. */
async function isRendition(
  { pictures }: Pick<Ports, 'pictures'>,
  media: Media,
  { width, format, hash }: { readonly width: number; readonly format: PictureFormat; readonly hash: string },
): Promise<boolean> {
  const ours = PICTURE_WIDTHS.find((candidate): candidate is PictureWidth => candidate === width);
  const bytes = ours === undefined ? null : await pictures.rendition(media, ours, format);
  return bytes !== null && hashOf(bytes) === hash;
}

function hashOf(bytes: Uint8Array): MediaHash {
  const hash = sha256();
  hash.update(bytes);
  return hash.digest() as MediaHash;
}
