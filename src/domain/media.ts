import type { MediaHash } from './ids.js';

export const PICTURE_FORMATS = ['avif', 'webp', 'jpeg', 'png'] as const;
export type PictureFormat = (typeof PICTURE_FORMATS)[number];
export const PICTURE_WIDTHS = [64, 128, 256, 512] as const;
export type PictureWidth = (typeof PICTURE_WIDTHS)[number];

/** Pixels as models make them: 8 bits, row-major, 3 (RGB) or 4 (RGBA) channels. */
export interface RawPicture {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  readonly data: Uint8Array;
}

/** A stored picture. Its bytes are found by hash; renditions are derived from the original. */
export interface Media {
  readonly hash: MediaHash;
  readonly width: number;
  readonly height: number;
  /** Format of the original bytes; 'svg' only for trusted catalogue art. */
  readonly format: PictureFormat | 'svg';
  readonly bytes: number;
  readonly blurHash: string | null;
  readonly alt: string;
  /** Hex colours, most present first. */
  readonly palette: readonly string[];
  /** True where every rendition carries the IPTC trainedAlgorithmicMedia mark. */
  readonly aiMarked: boolean;
  /** 64-bit perceptual hash in hex, for near-copy checks. */
  readonly perceptualHash: string | null;
}
