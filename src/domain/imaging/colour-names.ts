/** The colour words that a brief can ask for and the palette can answer with. */
export const COLOUR_NAMES = [
  'red',
  'orange',
  'yellow',
  'green',
  'blue',
  'purple',
  'pink',
  'brown',
  'black',
  'grey',
  'white',
] as const;
export type ColourName = (typeof COLOUR_NAMES)[number];

export interface Hsv {
  /** Degrees in [0, 360). */
  readonly h: number;
  readonly s: number;
  readonly v: number;
}

/** Smith 1978: hue, saturation and value of an 8-bit colour. */
export function toHsv(r: number, g: number, b: number): Hsv {
  const max = Math.max(r, g, b);
  const range = max - Math.min(r, g, b);
  if (range === 0) return { h: 0, s: 0, v: max / 255 };
  const sixth =
    max === r ? (((g - b) / range) % 6) + 6 : max === g ? (b - r) / range + 2 : (r - g) / range + 4;
  return { h: (sixth * 60) % 360, s: range / max, v: max / 255 };
}

/** The way back from `toHsv`, in 8 bits. */
export function fromHsv({ h, s, v }: Hsv): [number, number, number] {
  const channel = (n: number) => {
    const k = (n + h / 60) % 6;
    return Math.round(255 * (v - v * s * Math.max(0, Math.min(k, 4 - k, 1))));
  };
  return [channel(5), channel(3), channel(1)];
}

/** Upper ends of the hue ranges; borders set by eye on the flat palettes of the demo art. */
const HUE_RANGES: readonly (readonly [number, ColourName])[] = [
  [14, 'red'],
  [39, 'orange'],
  [68, 'yellow'],
  [172, 'green'],
  [252, 'blue'],
  [296, 'purple'],
  [344, 'pink'],
  [360, 'red'],
];

/** The everyday name of a colour. Brown is a dark orange, pink also a pale red. */
export function nameColour(r: number, g: number, b: number): ColourName {
  const colour = toHsv(r, g, b);
  return colourless(colour) ?? darkOrPale(HUE_RANGES.find(([end]) => colour.h < end)?.[1] ?? 'red', colour);
}

function colourless({ s, v }: Hsv): ColourName | null {
  if (v < 0.2) return 'black';
  if (s >= 0.3 || (s >= 0.16 && v >= 0.45)) return null;
  if (v > 0.86) return 'white';
  return v < 0.28 ? 'black' : 'grey';
}

function darkOrPale(name: ColourName, { s, v }: Hsv): ColourName {
  if (name === 'orange' && s < 0.62 && v < 0.82) return 'brown';
  if (v < (DARKEST[name] ?? 0)) return 'brown';
  return name === 'red' && s < 0.58 && v > 0.8 ? 'pink' : name;
}

/** Darker than this, a warm colour is called brown. */
const DARKEST: Partial<Record<ColourName, number>> = { orange: 0.66, yellow: 0.66, red: 0.42 };
