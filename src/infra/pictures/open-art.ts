import sharp, { type Sharp } from 'sharp';
import { DomainError } from '../../domain/errors.js';
import { openPicture } from './open-picture.js';

const MAX_SVG_BYTES = 1_000_000;

/** Ways out of an SVG: scripts, foreign content, entities, and references that do not begin with '#' or inline data. */
const REACHES_OUT =
  /<script|<foreignObject|<!ENTITY|<!DOCTYPE|<\?xml-stylesheet|@import|\son\w+\s*=|(?:href\s*=\s*["']?|url\(\s*["']?)\s*(?!#|data:image\/(?:png|jpeg);)[^"'#\s)]/i;

export function isSvg(bytes: Uint8Array): boolean {
  return /^\s*(<\?xml[^>]*>\s*)?<svg[\s>]/.test(Buffer.from(bytes.subarray(0, 300)).toString('utf8'));
}

export interface Art {
  readonly picture: Sharp;
  /** As the file itself says it. */
  readonly natural: { readonly width: number; readonly height: number; readonly format: string };
}

/** Catalogue art: SVG that stays within itself, drawn at the asked width, or a raster picture. Checked before it is parsed. */
export async function openArt(bytes: Uint8Array, width: number): Promise<Art> {
  if (!isSvg(bytes)) {
    const picture = await openPicture(bytes);
    return { picture, natural: await picture.metadata() };
  }
  assertSelfContained(bytes);
  const natural = await sharp(bytes).metadata();
  const density = Math.min(2_400, Math.max(1, (72 * width) / natural.width));
  return { picture: sharp(bytes, { density }).toColourspace('srgb'), natural };
}

function assertSelfContained(bytes: Uint8Array): void {
  if (bytes.length > MAX_SVG_BYTES)
    throw refused(`at most ${MAX_SVG_BYTES} bytes of SVG were wanted, got ${bytes.length}`);
  const found = REACHES_OUT.exec(Buffer.from(bytes).toString('utf8'));
  if (found)
    throw refused(`an SVG without scripts and outside references was wanted, got "${found[0].slice(0, 40)}"`);
}

function refused(message: string): DomainError {
  return new DomainError('INVALID_INPUT', message, { path: ['art'] });
}
