import { crc32 } from 'node:zlib';

/** Length and type before the data, a checksum behind it. */
const AROUND = 8;
const SUM = 4;
/** The signature of 8 bytes and IHDR, which comes first and has 13 bytes of data. */
const FIRST_PLACE = 8 + AROUND + 13 + SUM;
/** iTXt: keyword, not compressed, no language, no translated keyword. */
const HEAD = 'XML:com.adobe.xmp\0\0\0\0\0';

/**
 * A PNG with an XMP packet as plain text. The encoder would compress it, and what is compressed cannot be filled in afterwards
 * (PNG specification, third edition, 11.3.3.4).
 */
export function withPngPacket(png: Uint8Array, packet: string): Uint8Array {
  const data = Buffer.from(HEAD + packet, 'utf8');
  const chunk = Buffer.alloc(AROUND + data.length + SUM);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write('iTXt', 4, 'ascii');
  data.copy(chunk, AROUND);
  sumUp(chunk, { start: 0, length: data.length });
  return Buffer.concat([png.subarray(0, FIRST_PLACE), chunk, png.subarray(FIRST_PLACE)]);
}

export function isPng(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 8)).toString('latin1') === '\x89PNG\r\n\x1a\n';
}

interface Chunk {
  readonly start: number;
  /** Of its data, in bytes. */
  readonly length: number;
}

/** Writes the checksum of the chunk that holds this byte, as its data are now. A file that is cut off stays as it is. */
export function renewChecksum(png: Buffer, position: number): void {
  for (let start = 8; start + AROUND + SUM <= png.length;) {
    const length = png.readUInt32BE(start);
    const end = start + AROUND + length + SUM;
    if (end > png.length) return;
    if (position < end) {
      sumUp(png, { start, length });
      return;
    }
    start = end;
  }
}

function sumUp(png: Buffer, { start, length }: Chunk): void {
  png.writeUInt32BE(crc32(png.subarray(start + 4, start + AROUND + length)), start + AROUND + length);
}
