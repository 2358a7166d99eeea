import sharp from 'sharp';
import type { RawPicture } from '../../../domain/media.js';

/** The picture as a PNG to send: pixels only, so that nothing about where and when a photograph was taken goes along. */
export async function pngOf({ width, height, channels, data }: RawPicture): Promise<Buffer> {
  return sharp(data, { raw: { width, height, channels } }).png({ compressionLevel: 6 }).toBuffer();
}
