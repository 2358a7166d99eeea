import type { RawPicture } from '../media.js';
import { COLOUR_NAMES, type ColourName, nameColour } from './colour-names.js';

export interface NamedShare {
  readonly name: ColourName;
  /** Part of the figure (all pixels that are not background) in [0, 1]. */
  readonly share: number;
}

/** Paler than this on all channels counts as the flat white background. */
const BACKGROUND = 246;

/**
 * Colour names of the figure, most present first. Pixels of the background are left out, so that
 * "a red apple" on white is red and not white.
 */
export function namedPalette(picture: RawPicture): NamedShare[] {
  const counts = new Map<ColourName, number>();
  const { data, channels } = picture;
  let total = 0;
  for (let at = 0; at + 2 < data.length; at += channels) {
    const [r, g, b] = [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
    if (r > BACKGROUND && g > BACKGROUND && b > BACKGROUND) continue;
    const name = nameColour(r, g, b);
    counts.set(name, (counts.get(name) ?? 0) + 1);
    total++;
  }
  return [...counts]
    .map(([name, count]) => ({ name, share: count / total }))
    .sort((a, b) => b.share - a.share);
}

const NAMES = new Set<string>(COLOUR_NAMES);

/** The colour names among the words of a brief. */
export function askedColours(words: readonly string[]): ColourName[] {
  return words.filter((word): word is ColourName => NAMES.has(word));
}

/** How far a figure has an asked colour, in [0, 1]: two fifths of the figure are all of it. 0 when none was asked. */
export function colourMatch(picture: RawPicture, asked: readonly ColourName[]): number {
  if (asked.length === 0) return 0;
  const palette = namedPalette(picture);
  const parts = asked.map((name) =>
    Math.min(1, (palette.find((one) => one.name === name)?.share ?? 0) / 0.4),
  );
  return parts.reduce((sum, part) => sum + part, 0) / parts.length;
}
