import { PICTURE_WIDTHS, type Media, type PictureFormat, type PictureWidth } from '../domain/media.js';
import type { ApiContext } from './context.js';
import type { MediaPurpose } from './enums.js';

const WIDTH_OF = { THUMB: 128, CARD: 256, HERO: 512, ORIGINAL: 512 } as const satisfies Record<
  MediaPurpose,
  PictureWidth
>;
/** Best first, so that a browser takes the first that it knows. */
const FORMATS = ['avif', 'webp', 'png'] as const satisfies readonly PictureFormat[];

/** A stored picture as a page shows it: one address for the purpose, and all others beside it. Pixels are never enlarged. */
export function mediaView(
  media: Media,
  purpose: MediaPurpose,
  { mediaUrls, ports }: Pick<ApiContext, 'mediaUrls' | 'ports'>,
): object {
  const { hash, blurHash, alt, palette } = media;
  const now = ports.clock.now();
  const widths = PICTURE_WIDTHS.filter((candidate) => media.format === 'svg' || candidate <= media.width);
  const width = widths.findLast((candidate) => candidate <= WIDTH_OF[purpose]) ?? PICTURE_WIDTHS[0];
  const format = purpose === 'ORIGINAL' ? 'png' : 'webp';
  return {
    ...{ width, format, blurHash, alt, palette },
    url: mediaUrls.sign({ hash, width, format }, now),
    height: Math.round((width * media.height) / media.width),
    srcSet: widths.flatMap((candidate) =>
      FORMATS.map((kind) => ({
        url: mediaUrls.sign({ hash, width: candidate, format: kind }, now),
        width: candidate,
        format: kind,
      })),
    ),
  };
}
