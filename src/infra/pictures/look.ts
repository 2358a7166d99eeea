import { encode as encodeBlurHash } from 'blurhash';
import type { Sharp } from 'sharp';
import type { RawPicture } from '../../domain/media.js';
import { palette } from './palette.js';
import { perceptualHash } from './perceptual-hash.js';

/** What a page and a novelty check need to know of a picture before anybody loads it. */
export interface Look {
  readonly blurHash: string;
  readonly palette: readonly string[];
  readonly perceptualHash: string;
}

const SIDE = 32;

/** Looks at 32 x 32 pixels: transparent ones do not count as a colour, and stand on white for blur and hash. */
export async function lookAt(picture: Sharp): Promise<Look> {
  const { data } = await picture
    .clone()
    .resize(SIDE, SIDE, { fit: 'fill' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const cutOut: RawPicture = { width: SIDE, height: SIDE, channels: 4, data };
  const onWhite = { ...cutOut, data: flattened(data) };
  return {
    blurHash: encodeBlurHash(halved(onWhite.data), SIDE / 2, SIDE / 2, 4, 4),
    palette: palette(cutOut).map(({ hex }) => hex),
    perceptualHash: perceptualHash(onWhite),
  };
}

function flattened(pixels: Uint8Array): Uint8Array {
  return pixels.map((value, i) => {
    if (i % 4 === 3) return 255;
    const alpha = (pixels[i - (i % 4) + 3] ?? 255) / 255;
    return Math.round(value * alpha + 255 * (1 - alpha));
  });
}

/** Every second pixel of every second row: a blur hash of 16 waves needs no more, and costs a quarter. */
function halved(pixels: Uint8Array): Uint8ClampedArray {
  const half = SIDE / 2;
  const out = new Uint8ClampedArray(half * half * 4);
  for (let i = 0; i < half * half; i++) {
    const from = (2 * Math.floor(i / half) * SIDE + 2 * (i % half)) * 4;
    out.set(pixels.subarray(from, from + 4), i * 4);
  }
  return out;
}
