import sharp, { type Sharp } from 'sharp';
import { DomainError } from '../../domain/errors.js';

/** 20 megapixels decode to 80 MB; nothing in a feed needs more. */
const MAX_PIXELS = 20_000_000;
const MAX_BYTES = 20_000_000;

type Container = 'png' | 'jpeg' | 'webp' | 'avif';

/**
 * Bytes from outside, opened as one still picture: known raster formats by their first bytes only, limited in size, first
 * frame, upright. SVG is never accepted here: it can refer to files and run for ever.
 */
export async function openPicture(bytes: Uint8Array): Promise<Sharp> {
  const format = containerOf(bytes);
  if (bytes.length > MAX_BYTES) throw refused(`at most ${MAX_BYTES} bytes were wanted, got ${bytes.length}`);
  if (!format) throw refused('a PNG, JPEG, WebP or AVIF picture was wanted, got other bytes');
  const picture = sharp(bytes, {
    limitInputPixels: MAX_PIXELS,
    failOn: 'error',
    pages: 1,
    sequentialRead: true,
  });
  try {
    // decodes all of it as it is done later: half a picture fails here and not at a visitor's request; `stats` lets a header
    // with a wrong checksum pass
    await picture.clone().raw().toBuffer();
  } catch (error) {
    throw refused(
      `a whole ${format} picture of at most ${MAX_PIXELS} pixels was wanted, got a broken or larger one`,
      error,
    );
  }
  return picture.autoOrient().toColourspace('srgb');
}

function containerOf(bytes: Uint8Array): Container | null {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (head.startsWith('RIFF') && head.endsWith('WEBP')) return 'webp';
  return /ftypavi[fs]$/.test(head) ? 'avif' : null;
}

function refused(message: string, cause?: unknown): DomainError {
  return new DomainError('INVALID_INPUT', message, { cause, path: ['picture'] });
}
