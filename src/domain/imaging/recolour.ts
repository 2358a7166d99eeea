import type { RawPicture } from '../media.js';
import { type ColourName, fromHsv, type Hsv, toHsv } from './colour-names.js';

/** Where each colour sits: its hue, and how saturation and value are bent to reach it. */
const TARGETS: Readonly<Record<ColourName, { hue: number; bend: (c: Hsv) => Hsv }>> = {
  red: { hue: 2, bend: vivid },
  orange: { hue: 27, bend: vivid },
  yellow: { hue: 50, bend: bright },
  green: { hue: 130, bend: (c) => ({ ...vivid(c), v: c.v * 0.85 }) },
  blue: { hue: 212, bend: vivid },
  purple: { hue: 272, bend: vivid },
  pink: { hue: 326, bend: (c) => ({ ...c, s: Math.min(c.s, 0.62), v: Math.max(c.v, 0.85) }) },
  brown: {
    hue: 22,
    bend: (c) => ({ ...c, s: Math.max(0.5, Math.min(c.s, 0.72)), v: Math.min(c.v, 1) * 0.58 }),
  },
  black: { hue: 0, bend: (c) => ({ ...c, s: c.s * 0.08, v: c.v * 0.19 }) },
  grey: { hue: 0, bend: (c) => ({ ...c, s: c.s * 0.08, v: 0.35 + c.v * 0.32 }) },
  white: { hue: 0, bend: (c) => ({ ...c, s: c.s * 0.06, v: 0.8 + c.v * 0.13 }) },
};

const HUELESS: ReadonlySet<ColourName> = new Set(['black', 'grey', 'white']);

function vivid(c: Hsv): Hsv {
  return { ...c, s: Math.max(c.s, 0.6) };
}

function bright(c: Hsv): Hsv {
  return { h: c.h, s: Math.max(c.s, 0.6), v: Math.max(c.v, 0.9) };
}

/**
 * Moves the picture's main hue, and what lies within 45 degrees of it, to the named colour: a red rose becomes
 * blue and keeps its green leaf. This is how the model meets "blue rose", of which no art exists.
 */
export function recolour(picture: RawPicture, target: ColourName): RawPicture | null {
  const main = mainHue(picture);
  if (main === null) return null;
  const { hue, bend } = TARGETS[target];
  const data = Uint8Array.from(picture.data);
  for (let at = 0; at + 2 < data.length; at += picture.channels) {
    const colour = toHsv(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0);
    const away = hueDistance(colour.h, main);
    if (colour.s < 0.12 || colour.v < 0.12 || Math.abs(away) > 45) continue;
    data.set(fromHsv(bend({ ...colour, h: (hue + away * 0.5 + 360) % 360 })), at);
  }
  return { ...picture, data };
}

/** The fullest of 36 hue bins, weighted by saturation; null where under a fifth of the figure has any hue. */
export function mainHue(picture: RawPicture): number | null {
  const figure = coloursOf(picture).filter(({ s, v }) => v <= 0.96 || s >= 0.04);
  const hued = figure.filter(({ s, v }) => s >= 0.25 && v >= 0.2);
  if (hued.length < 0.2 * figure.length || figure.length === 0) return null;
  const bins = new Float64Array(36);
  for (const { h, s } of hued) {
    const bin = Math.floor(h / 10) % 36;
    bins[bin] = (bins[bin] ?? 0) + s;
  }
  return bins.indexOf(Math.max(...bins)) * 10 + 5;
}

function coloursOf({ data, channels }: RawPicture): Hsv[] {
  return Array.from({ length: Math.floor(data.length / channels) }, (_, i) => {
    const at = i * channels;
    return toHsv(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0);
  });
}

/** Where a colour sits on the circle of hues, in degrees; null for those without one. */
export function hueOf(name: ColourName): number | null {
  return HUELESS.has(name) ? null : TARGETS[name].hue;
}

/** One colour that stands for a name. */
export function typicalColour(name: ColourName): [number, number, number] {
  const { hue, bend } = TARGETS[name];
  return fromHsv(bend({ h: hue, s: 0.75, v: 0.88 }));
}

/** Signed, in (-180, 180]. */
function hueDistance(a: number, b: number): number {
  return ((a - b + 540) % 360) - 180;
}
