import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import type { Archives } from '../../flow/ports.js';

/** Already compressed: a second time costs seconds and saves nothing. */
const STORED = /\.(png|jpe?g|webp|avif)$/;

/** ZIP, one file after the other, so that only the archive itself is in memory as a whole. */
export const zipArchives: Archives = {
  async zip(files) {
    const pieces: Uint8Array[] = [];
    const failed: Error[] = [];
    const zip = new Zip((error, piece) => {
      if (error === null) pieces.push(piece);
      else failed.push(error);
    });
    for await (const { name, bytes } of files) {
      const entry = STORED.test(name) ? new ZipPassThrough(name) : new ZipDeflate(name, { level: 6 });
      zip.add(entry);
      entry.push(bytes, true);
    }
    zip.end();
    const [error] = failed;
    if (error !== undefined) throw error;
    return Buffer.concat(pieces);
  },
};
