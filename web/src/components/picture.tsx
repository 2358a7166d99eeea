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
  return (
    <span className={['pane', inset ? 'inset' : '', state].join(' ')} style={windowOf(media)}>
      {haze && <img className="haze" src={haze.url} alt="" />}
      {state === 'broken' ? (
        <span className="broken">{media.alt}</span>
      ) : (
        <Sources media={media} sizes={sizes} alt={decorative ? '' : media.alt} onState={setState} />
      )}
    </span>
  );
}

/** Its place on the page, and the colour of its window. */
function windowOf({ width, height, palette, blurHash }: MediaFieldsFragment): CSSProperties {
  const tint = palette[0] ?? hazeOf(blurHash)?.tint ?? 'transparent';
  return { '--ratio': `${width} / ${height}`, '--tint': tint } as CSSProperties;
}

interface SourcesProps {
  readonly media: MediaFieldsFragment;
  readonly sizes: string;
  readonly alt: string;
  readonly onState: (state: 'loaded' | 'broken') => void;
}

function Sources({ media, sizes, alt, onState }: SourcesProps) {
  return (
    <picture style={{ display: 'contents' }}>
      {sources(media).map(({ format, srcSet }) => (
        <source key={format} type={`image/${format}`} srcSet={srcSet} sizes={sizes} />
      ))}
      <img
        src={media.url}
        width={media.width}
        height={media.height}
        alt={alt}
        loading="lazy"
        decoding="async"
        onLoad={() => onState('loaded')}
        onError={() => onState('broken')}
      />
    </picture>
  );
}

function NoPicture() {
  return (
    <span className="pane">
      <span className="broken">No picture yet</span>
    </span>
  );
}
