import sharp, { type Sharp } from 'sharp';
import type { MediaHash } from '../../domain/ids.js';
import {
  PICTURE_FORMATS,
  PICTURE_WIDTHS,
  type Media,
  type PictureFormat,
  type PictureWidth,
  type RawPicture,
} from '../../domain/media.js';
import type { PictureOrigin } from '../../domain/picture-manifest.js';
import { pictureLook } from '../../domain/imaging/picture-look.js';
import type { BlobStore, PicturePipeline } from '../../flow/ports.js';
import type { ManifestKeys } from '../../flow/ports/manifest-keys.js';
import type { RenditionIndex } from '../storage/rendition-index.js';
import { aiMark, readAiMark, unsignedPacket } from './ai-mark.js';
import { checkManifest, signedFile, type Unsigned } from './sign-picture.js';
import { cleanUpload, decodeUpload, thumbnail } from './clean-upload.js';
import { encodeRendition } from './encode-rendition.js';
import { lookAt } from './look.js';
import { isSvg, openArt } from './open-art.js';
import { openPicture } from './open-picture.js';

interface Shelves {
  readonly blobs: BlobStore;
  readonly renditions: RenditionIndex;
  readonly keys: ManifestKeys;
}

/** Wide enough for the largest rendition; raster art is never enlarged. */
const DECODED_WIDTH = 512;

/** The picture pipeline on sharp. Every step may run twice: names are content hashes and encoders are deterministic. */
export function createSharpPipeline(shelves: Shelves): PicturePipeline {
  const { blobs, keys } = shelves;
  const pipeline: PicturePipeline = {
    async publishGenerated(picture, { alt, origin }) {
      const { bytes, manifest } = await signedOriginal(keys, picture, origin);
      const media = await storeMarked(blobs, { picture, bytes, alt });
      const widths = PICTURE_WIDTHS.filter((width) => width <= Math.max(picture.width, PICTURE_WIDTHS[0]));
      for (const width of widths) {
        await Promise.all(PICTURE_FORMATS.map((format) => pipeline.rendition(media, width, format)));
      }
      return { media, manifest };
    },
    async publishPreview(picture, alt) {
      const packet = aiMark('Vitrine preview');
      const bytes = await encodeRendition(sharpOf(picture), { width: picture.width, format: 'png' }, packet);
      return storeMarked(blobs, { picture, bytes, alt });
    },
    async adoptArt(bytes, alt) {
      const { picture, natural } = await openArt(bytes, PICTURE_WIDTHS[0]);
      const look = await lookAt(picture);
      const hash = (await blobs.put(bytes)) as MediaHash;
      const format = isSvg(bytes) ? 'svg' : formatOf(natural.format);
      return { hash, ...sizeOf(natural), format, bytes: bytes.length, ...look, alt, aiMarked: false };
    },
    async rendition(media, width, format) {
      const fitting = fittingWidth(media, width);
      const known = await shelves.renditions.find(media.hash, fitting, format);
      const cached = known === null ? null : await blobs.get(known);
      return cached ?? makeRendition(shelves, media, { width: fitting, format });
    },
    async decode(hash) {
      const bytes = await blobs.get(hash);
      return bytes && decodeOriginal(bytes);
    },
    async inspect(bytes) {
      const picture = await openPicture(bytes);
      const { width, format } = await picture.metadata();
      const { perceptualHash } = await lookAt(picture);
      return { width, format: formatOf(format), perceptualHash, aiMarked: await readAiMark(bytes) };
    },
    checkManifest: (bytes) => checkManifest(keys, bytes),
    async look(hash) {
      const bytes = await blobs.get(hash);
      return bytes && pictureLook(await smallOnWhite(bytes));
    },
    async discard(hash) {
      for (const blob of [...(await shelves.renditions.forget(hash)), hash]) await blobs.remove(blob);
    },
    cleanUpload,
    thumbnail,
    decodeUpload,
  };
  return pipeline;
}

function sharpOf({ width, height, channels, data }: RawPicture) {
  if (data.length !== width * height * channels) {
    throw new Error(`${width} x ${height} x ${channels} values were wanted, got ${data.length}`);
  }
  return sharp(data, { raw: { width, height, channels } });
}

function signedOriginal(keys: ManifestKeys, picture: RawPicture, origin: PictureOrigin) {
  const { width } = picture;
  const facts: Unsigned = { ...origin, original: null, format: 'png', width };
  return signedFile(keys, facts, (blank) =>
    encodeRendition(sharpOf(picture), { width, format: 'png' }, aiMark(origin.model, blank)),
  );
}

interface Marked {
  readonly picture: RawPicture;
  /** Of the PNG that is stored. */
  readonly bytes: Uint8Array;
  readonly alt: string;
}

async function storeMarked(blobs: BlobStore, { picture, bytes, alt }: Marked): Promise<Media> {
  const { width, height } = picture;
  const look = await lookAt(sharpOf(picture));
  const hash = (await blobs.put(bytes)) as MediaHash;
  return { hash, width, height, format: 'png', bytes: bytes.length, ...look, alt, aiMarked: true };
}

async function makeRendition(
  { blobs, renditions, keys }: Shelves,
  media: Media,
  wanted: { readonly width: PictureWidth; readonly format: PictureFormat },
): Promise<Uint8Array | null> {
  const original = await blobs.get(media.hash);
  if (!original) return null;
  const { picture } = await openArt(original, wanted.width);
  const checked = checkManifest(keys, original);
  const bytes =
    checked.state === 'SIGNED'
      ? await signedRendition(keys, { picture, media, ...wanted }, checked.manifest)
      : await encodeRendition(picture, wanted, await unsignedPacket(original));
  await renditions.remember(media.hash, { ...wanted, blob: await blobs.put(bytes) });
  return bytes;
}

interface SizeOf {
  readonly picture: Sharp;
  readonly media: Media;
  readonly width: PictureWidth;
  readonly format: PictureFormat;
}

/** Each size and format is signed by itself: it says of which original it is one. */
async function signedRendition(
  keys: ManifestKeys,
  { picture, media, width, format }: SizeOf,
  { provider, model, recipe, madeAt }: PictureOrigin,
): Promise<Uint8Array> {
  const actual = Math.min(width, media.width);
  const facts: Unsigned = { provider, model, recipe, madeAt, original: media.hash, format, width: actual };
  const { bytes } = await signedFile(keys, facts, (blank) =>
    encodeRendition(picture, { width, format }, aiMark(model, blank)),
  );
  return bytes;
}

async function decodeOriginal(bytes: Uint8Array): Promise<RawPicture> {
  const { picture } = await openArt(bytes, DECODED_WIDTH);
  const { data, info } = await picture
    .resize({ width: DECODED_WIDTH, withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: info.channels === 4 ? 4 : 3, data };
}

const LOOKED_AT = 32;

async function smallOnWhite(bytes: Uint8Array): Promise<RawPicture> {
  const { picture } = await openArt(bytes, PICTURE_WIDTHS[0]);
  const { data } = await picture
    .flatten({ background: '#ffffff' })
    .resize(LOOKED_AT, LOOKED_AT, { fit: 'fill' })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: LOOKED_AT, height: LOOKED_AT, channels: 3, data };
}

/** Raster pictures are not enlarged: a wider wish gets the widest that fits. */
function fittingWidth(media: Media, wanted: PictureWidth): PictureWidth {
  if (media.format === 'svg') return wanted;
  const fitting = PICTURE_WIDTHS.filter((width) => width <= media.width && width <= wanted);
  return fitting.at(-1) ?? PICTURE_WIDTHS[0];
}

function formatOf(name: string): PictureFormat {
  return PICTURE_FORMATS.find((format) => format === name) ?? 'avif'; // sharp reports AVIF as 'heif'
}

function sizeOf({ width, height }: { width: number; height: number }): { width: number; height: number } {
  return { width, height };
}
