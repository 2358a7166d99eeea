import type { RawPicture } from '../media.js';
import type { ColourName } from './colour-names.js';
import { askedColours } from './palette.js';
import type { Colour } from './palette-histogram.js';
import { recolour, typicalColour } from './recolour.js';

export interface Led {
  /** What the variation starts from. */
  readonly start: RawPicture;
  /** What the denoiser is told as the palette. */
  readonly colours: readonly Colour[];
  /** The colour that the words ask for; null where they ask for none, or for several. */
  readonly to: ColourName | null;
}

/**
 * A variation that asks for a colour in words. The start decides the colours of large areas before the words do (see `sampleLatents`), so its
 * main hue is moved to the asked one first, and the palette says the colour once more. Codes in the brief are the palette as they are.
 */
export function leadToColour(start: RawPicture, words: readonly string[], codes: readonly Colour[]): Led {
  const [to, ...others] = new Set(askedColours(words));
  if (to === undefined || others.length > 0) return { start, colours: codes, to: null };
  return {
    start: recolour(start, to) ?? start,
    colours: codes.length > 0 ? codes : [typicalColour(to)],
    to,
  };
}
