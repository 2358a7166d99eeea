import { COLOUR_NAMES, type ColourName, nameColour } from '../../domain/imaging/colour-names.js';
import { hexCode } from '../../domain/imaging/hex-code.js';
import type { RawPicture } from '../../domain/media.js';

export interface PaletteColour {
  readonly hex: string;
  readonly name: ColourName;
  /** Share of the visible pixels, 0..1. */
  readonly share: number;
}

/** Less than this is an eye or an outline, not a colour of the picture. */
const MIN_SHARE = 0.04;
const MOST = 5;

/** Outlines and highlights are in nearly every drawing: people still call a red apple with them red. */
const NEUTRAL_WEIGHT = 0.5;
const NEUTRAL: ReadonlySet<ColourName> = new Set(['black', 'grey', 'white']);

/** The colours of a picture, most telling first: visible pixels grouped by colour name, each group's mean. */
export function palette({ data, channels }: RawPicture): PaletteColour[] {
  const sums = new Map(COLOUR_NAMES.map((name) => [name, { red: 0, green: 0, blue: 0, count: 0 }]));
  let visible = 0;
  for (let at = 0; at + channels <= data.length; at += channels) {
    if (channels === 4 && (data[at + 3] ?? 0) < 128) continue;
    const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3);
    const sum = sums.get(nameColour(red, green, blue));
    if (!sum) continue;
    visible += 1;
    sum.red += red;
    sum.green += green;
    sum.blue += blue;
    sum.count += 1;
  }
  const weight = ({ name, share }: PaletteColour) => share * (NEUTRAL.has(name) ? NEUTRAL_WEIGHT : 1);
  return [...sums]
    .filter(([, { count }]) => count >= MIN_SHARE * Math.max(1, visible))
    .map(([name, { red, green, blue, count }]) => ({
      hex: hexCode([red / count, green / count, blue / count]),
      name,
      share: count / visible,
    }))
    .sort((a, b) => weight(b) - weight(a))
    .slice(0, MOST);
}
