import { PICTURE_WIDTHS, type Media, type PictureFormat, type PictureWidth } from '../domain/media.js';
import type { ApiContext } from './context.js';
import type { MediaPurpose } from './enums.js';

const WIDTH_OF = { THUMB: 128, CARD: 256, HERO: 512, ORIGINAL: 512 } as const satisfies Record<
  MediaPurpose,
  PictureWidth
>;
/** Best first, so that a browser takes the first that it knows. */
const FORMATS = ['avif', 'webp', 'png'] as const satisfies readonly PictureFormat[];

/** A stored picture as a page shows it: one address for the purpose, and all others beside it. */
export function mediaView(
  { hash, width, height, blurHash, alt, palette }: Media,
  purpose: MediaPurpose,
  { mediaUrls, ports }: Pick<ApiContext, 'mediaUrls' | 'ports'>,
): object {
  const now = ports.clock.now();
  const shown = WIDTH_OF[purpose];
  const format = purpose === 'ORIGINAL' ? 'png' : 'webp';
  return {
    url: mediaUrls.sign({ hash, width: shown, format }, now),
    width: shown,
    height: Math.round((shown * height) / width),
    format,
    blurHash,
    alt,
    palette,
    srcSet: PICTURE_WIDTHS.flatMap((candidate) =>
      FORMATS.map((kind) => ({
        url: mediaUrls.sign({ hash, width: candidate, format: kind }, now),
        width: candidate,
        format: kind,
      })),
    ),
  };
}
