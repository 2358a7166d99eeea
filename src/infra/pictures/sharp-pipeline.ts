import sharp from 'sharp';
import type { MediaHash } from '../../domain/ids.js';
import {
  PICTURE_FORMATS,
  PICTURE_WIDTHS,
  type Media,
  type PictureFormat,
  type PictureWidth,
  type RawPicture,
} from '../../domain/media.js';
import { pictureLook } from '../../domain/imaging/picture-look.js';
import type { BlobStore, PicturePipeline } from '../../flow/ports.js';
import type { RenditionIndex } from '../storage/rendition-index.js';
import { aiMark, readAiMark } from './ai-mark.js';
import { cleanUpload, decodeUpload } from './clean-upload.js';
import { encodeRendition } from './encode-rendition.js';
import { lookAt } from './look.js';
import { isSvg, openArt } from './open-art.js';
import { openPicture } from './open-picture.js';

interface Shelves {
  readonly blobs: BlobStore;
  readonly renditions: RenditionIndex;
}

/** Wide enough for the largest rendition; raster art is never enlarged. */
const DECODED_WIDTH = 512;

/** The picture pipeline on sharp. Every step may run twice: names are content hashes and encoders are deterministic. */
export function createSharpPipeline(shelves: Shelves): PicturePipeline {
  const { blobs } = shelves;
  const pipeline: PicturePipeline = {
    async publishGenerated(picture, { alt, generator }) {
      const media = await storeMarked(blobs, picture, { alt, generator });
      const widths = PICTURE_WIDTHS.filter((width) => width <= Math.max(picture.width, PICTURE_WIDTHS[0]));
      for (const width of widths) {
        await Promise.all(PICTURE_FORMATS.map((format) => pipeline.rendition(media, width, format)));
      }
      return media;
    },
    publishPreview: (picture, alt) => storeMarked(blobs, picture, { alt, generator: 'Vitrine preview' }),
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
      return cached ?? makeRendition(shelves, media, fitting, format);
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
    async look(hash) {
      const bytes = await blobs.get(hash);
      return bytes && pictureLook(await smallOnWhite(bytes));
    },
    async discard(hash) {
      for (const blob of [...(await shelves.renditions.forget(hash)), hash]) await blobs.remove(blob);
    },
    cleanUpload,
    decodeUpload,
  };
  return pipeline;
}

async function storeMarked(
  blobs: BlobStore,
  picture: RawPicture,
  { alt, generator }: { readonly alt: string; readonly generator: string },
): Promise<Media> {
  const { width, height, channels, data } = picture;
  if (data.length !== width * height * channels) {
    throw new Error(`${width} x ${height} x ${channels} values were wanted, got ${data.length}`);
  }
  const pixels = sharp(data, { raw: { width, height, channels } });
  const [look, bytes] = await Promise.all([
    lookAt(pixels),
    pixels.clone().withXmp(aiMark(generator)).png({ compressionLevel: 9 }).toBuffer(),
  ]);
  const hash = (await blobs.put(bytes)) as MediaHash;
  return { hash, width, height, format: 'png', bytes: bytes.length, ...look, alt, aiMarked: true };
}

async function makeRendition(
  { blobs, renditions }: Shelves,
  media: Media,
  width: PictureWidth,
  format: PictureFormat,
): Promise<Uint8Array | null> {
  const original = await blobs.get(media.hash);
  if (!original) return null;
  const bytes = await encodeRendition((await openArt(original, width)).picture, width, format);
  await renditions.remember(media.hash, { width, format, blob: await blobs.put(bytes) });
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
