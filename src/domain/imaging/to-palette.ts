import type { RawPicture } from '../media.js';
import { fromOklab, type Lab, toOklab } from './oklab.js';
import type { Colour } from './palette-histogram.js';

/** Less colour than this is an outline, a shadow or the paper, and stays as it is. */
const COLOURLESS = 0.04;
/** How far a pixel goes to its colour of the palette: shades of an area stay apart by what is left. */
const [COLOUR_PULL, LIGHTNESS_PULL] = [0.9, 0.5];
/** Lightness counts a quarter: a dark red is nearer to a light red than to a dark blue. */
const LIGHTNESS_WEIGHT = 0.25;

/**
 * Moves each coloured pixel most of the way to the nearest colour of a palette. The denoiser takes a palette as a wish: of a set of six in
 * five colours it drew a pink flower and a green leaf that were in none of them.
 */
export function toPalette(picture: RawPicture, palette: readonly Colour[]): RawPicture {
  const colours = palette.map(toOklab);
  const { channels } = picture;
  const data = picture.data.slice();
  for (let at = 0; at + 2 < data.length; at += channels) {
    const own = toOklab([data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0]);
    const nearest = Math.hypot(own[1], own[2]) < COLOURLESS ? null : nearestOf(colours, own);
    if (nearest !== null) data.set(fromOklab(pulled(own, nearest)), at);
  }
  return { ...picture, data };
}

function nearestOf(colours: readonly Lab[], [l, a, b]: Lab): Lab | null {
  let [best, least]: [Lab | null, number] = [null, Infinity];
  for (const colour of colours) {
    const distance = (LIGHTNESS_WEIGHT * (colour[0] - l)) ** 2 + (colour[1] - a) ** 2 + (colour[2] - b) ** 2;
    if (distance < least) [best, least] = [colour, distance];
  }
  return best;
}

function pulled([l, a, b]: Lab, to: Lab): Lab {
  return [l + LIGHTNESS_PULL * (to[0] - l), a + COLOUR_PULL * (to[1] - a), b + COLOUR_PULL * (to[2] - b)];
}
