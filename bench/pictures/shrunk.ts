import sharp from 'sharp';
import type { RawPicture } from '../../src/domain/media.js';

/** A picture's RGB pixels at another size. */
export async function shrunk(
  { width, height, channels, data }: RawPicture,
  side: number,
): Promise<Uint8Array> {
  const image = sharp(data, { raw: { width, height, channels } });
  return new Uint8Array(await image.resize(side, side).raw().toBuffer());
}
