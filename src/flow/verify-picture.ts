import type { MediaHash } from '../domain/ids.js';
import { PICTURE_WIDTHS, type Media, type PictureFormat, type PictureWidth } from '../domain/media.js';
import { sha256 } from '../domain/sha256.js';
import type { Ports } from './ports.js';
import { type Provenance, verifyProvenance } from './verify-provenance.js';

/** ORIGINAL, RENDITION: these very bytes are ours. SIMILAR: a picture of ours looks like it, bytes differ. */
export type PictureMatch = 'ORIGINAL' | 'RENDITION' | 'SIMILAR' | 'NONE';

export interface PictureVerdict {
  readonly match: PictureMatch;
  /** True only for the bytes as they were published: one changed bit makes it false. */
  readonly verified: boolean;
  /** What the picture says of itself; anybody can write or remove that. */
  readonly aiMarked: boolean;
  readonly provenance: Provenance | null;
}

/** Differences of 64 bits of the perceptual hash up to which a picture is worth comparing (as for stacks: 10; fewer here, strangers ask). */
const NEAR_BITS = 6;
const CANDIDATES = 10;

/**
 * Where a picture comes from that somebody holds in their hand. Exact bytes of an original or of any size and format that we
 * serve are verified; a look-alike is only said to be one. Private works are not told of.
 */
export async function verifyPicture(
  ports: Pick<Ports, 'stores' | 'pictures'>,
  bytes: Uint8Array,
): Promise<PictureVerdict> {
  const hash = hashOf(bytes);
  const seen = await ports.pictures.inspect(bytes);
  const original = await verifyProvenance(ports, hash);
  if (original !== null)
    return { match: 'ORIGINAL', verified: true, aiMarked: seen.aiMarked, provenance: original };
  let similar: Provenance | null = null;
  for (const media of await ports.stores.media.near(seen.perceptualHash, NEAR_BITS, CANDIDATES)) {
    const provenance = await verifyProvenance(ports, media.hash);
    if (provenance === null) continue;
    if (await isRendition(ports, media, { ...seen, hash }))
      return { match: 'RENDITION', verified: true, aiMarked: seen.aiMarked, provenance };
    similar ??= provenance;
  }
  return {
    match: similar === null ? 'NONE' : 'SIMILAR',
    verified: false,
    aiMarked: seen.aiMarked,
    provenance: similar,
  };
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
