import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { MediaHash } from '../../domain/ids.js';
import {
  PICTURE_FORMATS,
  PICTURE_WIDTHS,
  type PictureFormat,
  type PictureWidth,
} from '../../domain/media.js';
import { readIfThere, writeWhole } from './disk-blobs.js';

/** Which blob holds the rendition of a picture: made once, found by (picture, width, format). */
export interface RenditionIndex {
  find(picture: MediaHash, width: PictureWidth, format: PictureFormat): Promise<string | null>;
  remember(picture: MediaHash, rendition: Rendition): Promise<void>;
  /** Forgets all renditions of a picture and returns their blobs. */
  forget(picture: MediaHash): Promise<string[]>;
}

export interface Rendition {
  readonly width: PictureWidth;
  readonly format: PictureFormat;
  /** SHA-256 of the rendition's own bytes. */
  readonly blob: string;
}

const SHA256_HEX = /^[0-9a-f]{64}$/;

/** One small file per rendition, `<folder>/ab/cdef.../256.webp`, that holds the hash of its blob. May be deleted at any time. */
export function createRenditionIndex(folder: string): RenditionIndex {
  const pathOf = (picture: MediaHash, width: PictureWidth, format: PictureFormat) =>
    path.join(folder, picture.slice(0, 2), picture.slice(2), `${width}.${format}`);

  return {
    async find(picture, width, format) {
      if (!SHA256_HEX.test(picture)) return null;
      const bytes = await readIfThere(pathOf(picture, width, format));
      return bytes && Buffer.from(bytes).toString('ascii');
    },
    async remember(picture, { width, format, blob }) {
      await writeWhole(pathOf(picture, width, format), Buffer.from(blob, 'ascii'));
    },
    async forget(picture) {
      if (!SHA256_HEX.test(picture)) return [];
      const all = PICTURE_WIDTHS.flatMap((width) =>
        PICTURE_FORMATS.map((format) => readIfThere(pathOf(picture, width, format))),
      );
      const blobs = (await Promise.all(all)).flatMap((bytes) => (bytes === null ? [] : [bytes]));
      await rm(path.join(folder, picture.slice(0, 2), picture.slice(2)), { recursive: true, force: true });
      return blobs.map((bytes) => Buffer.from(bytes).toString('ascii'));
    },
  };
}
