import { decode } from 'blurhash';

export interface Haze {
  /** A few blurred pixels to show until the picture is there. */
  readonly url: string;
  /** Average colour of the picture. */
  readonly tint: string;
}

const SIDE = 16;
const known = new Map<string, Haze | null>();

/** Decoded once per hash; null where there is none or it is broken. */
export function hazeOf(blurHash: string | null | undefined): Haze | null {
  if (!blurHash) return null;
  const found = known.get(blurHash);
  if (found !== undefined) return found;
  const haze = draw(blurHash);
  known.set(blurHash, haze);
  return haze;
}

function draw(blurHash: string): Haze | null {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIDE;
  const context = canvas.getContext('2d');
  if (!context) return null;
  try {
    const pixels = new Uint8ClampedArray(decode(blurHash, SIDE, SIDE));
    context.putImageData(new ImageData(pixels, SIDE, SIDE), 0, 0);
    return { url: canvas.toDataURL(), tint: average(pixels) };
  } catch {
    return null;
  }
}

function average(pixels: Uint8ClampedArray): string {
  const sums = [0, 0, 0];
  for (let at = 0; at < pixels.length; at += 4) {
    for (const channel of [0, 1, 2]) sums[channel] = (sums[channel] ?? 0) + (pixels[at + channel] ?? 0);
  }
  const [red, green, blue] = sums.map((sum) => Math.round((sum * 4) / pixels.length));
  return `rgb(${String(red)} ${String(green)} ${String(blue)})`;
}
