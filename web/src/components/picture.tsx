import { useState, type CSSProperties } from 'react';
import type { MediaFieldsFragment } from '../generated/graphql.js';
import { hazeOf } from './haze.js';

interface PictureProps {
  readonly media: MediaFieldsFragment | null | undefined;
  /** How wide it will be on the page, in the words of the `sizes` attribute. */
  readonly sizes: string;
  /** Catalogue art stands in its window with air around it. */
  readonly inset?: boolean;
  /** True where a text beside the picture already says the same. */
  readonly decorative?: boolean;
}

/** Best compression first: the browser takes the first format it knows. */
const FORMATS = ['avif', 'webp', 'jpeg', 'png'];

function sources(media: MediaFieldsFragment) {
  return FORMATS.flatMap((format) => {
    const candidates = media.srcSet.filter((candidate) => candidate.format.toLowerCase().endsWith(format));
    if (candidates.length === 0) return [];
    return [{ format, srcSet: candidates.map(({ url, width }) => `${url} ${width}w`).join(', ') }];
  });
}

/** A picture that keeps its place from the first moment: known ratio, blurred preview, then the real thing. */
export function Picture({ media, sizes, inset = false, decorative = false }: PictureProps) {
  const [state, setState] = useState<'loading' | 'loaded' | 'broken'>('loading');
  if (!media) return <NoPicture />;
  const haze = hazeOf(media.blurHash);
  const style = {
    '--ratio': `${media.width} / ${media.height}`,
    '--tint': media.palette[0] ?? haze?.tint ?? 'transparent',
  } as CSSProperties;
  return (
    <span className={['pane', inset ? 'inset' : '', state].join(' ')} style={style}>
      {haze && <img className="haze" src={haze.url} alt="" />}
      {state === 'broken' ? (
        <span className="broken">{media.alt}</span>
      ) : (
        <picture style={{ display: 'contents' }}>
          {sources(media).map(({ format, srcSet }) => (
            <source key={format} type={`image/${format}`} srcSet={srcSet} sizes={sizes} />
          ))}
          <img
            src={media.url}
            width={media.width}
            height={media.height}
            alt={decorative ? '' : media.alt}
            loading="lazy"
            decoding="async"
            onLoad={() => setState('loaded')}
            onError={() => setState('broken')}
          />
        </picture>
      )}
    </span>
  );
}

function NoPicture() {
  return (
    <span className="pane">
      <span className="broken">No picture yet</span>
    </span>
  );
}
