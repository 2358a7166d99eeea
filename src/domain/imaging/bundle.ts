import type { Random } from '../random.js';
import { briefColours } from './brief-colours.js';
import { COLOUR_NAMES, type ColourName, fromHsv, toHsv } from './colour-names.js';
import { hexCode } from './hex-code.js';
import { hueOf } from './recolour.js';
import { contentWords } from './words.js';

/** What the pictures of one bundle share, chosen once, and what each of them shows. */
export interface BundlePlan {
  /** Hex codes, the leading colour first. */
  readonly palette: readonly string[];
  readonly style: string | null;
  /** One for each picture; empty where the pictures come from the person's tastes. */
  readonly subjects: readonly string[];
}

export const BUNDLE_SIZES = { least: 4, most: 9 } as const;

const NAMES = new Set<string>(COLOUR_NAMES);
/** Degrees from the leading hue to the others that go with it: split complements, or a triad (Itten 1961). */
const HARMONIES = [
  [30, 165],
  [30, 195],
  [120, 240],
] as const;

/**
 * Five colours that go together: the leading one, two of a harmony, a light and a dark one. Colour codes of the brief, two or more, are the
 * palette themselves; one code, or a colour word, leads.
 */
export function choosePalette(brief: string, random: Random): string[] {
  const { colours, words } = briefColours(brief);
  if (colours.length >= 2) return colours.map(hexCode);
  const [code] = colours;
  const named = contentWords(words).find((word): word is ColourName => NAMES.has(word));
  const lead = code
    ? toHsv(...code).h
    : named === undefined
      ? random.int(360)
      : (hueOf(named) ?? random.int(360));
  const [near, far] = HARMONIES[random.int(HARMONIES.length)] ?? HARMONIES[0];
  return [
    code ? hexCode(code) : hexCode(fromHsv({ h: lead, s: 0.72, v: 0.82 })),
    hexCode(fromHsv({ h: (lead + near) % 360, s: 0.6, v: 0.9 })),
    hexCode(fromHsv({ h: (lead + far) % 360, s: 0.65, v: 0.85 })),
    hexCode(fromHsv({ h: lead, s: 0.12, v: 0.97 })),
    hexCode(fromHsv({ h: lead, s: 0.55, v: 0.28 })),
  ];
}

/** 'an owl, a fox and a deer' names three things; a brief that names one thing, or a theme, names none of them. */
export function namedSubjects(brief: string): string[] {
  const parts = briefColours(brief)
    .words.split(/\s*[,;]\s*|\s+and\s+/i)
    .map((part) => part.trim())
    .filter((part) => contentWords(part).length > 0);
  return parts.length < 2 ? [] : parts;
}

/** A title without its colour: in a bundle the palette says which colours. */
export function withoutColour(title: string): string {
  const kept = title.split(/\s+/).filter((word) => !NAMES.has(word.toLowerCase()));
  return (kept.length === 0 ? title : kept.join(' ')).toLowerCase();
}

/** As many different subjects as there are pictures, in order: those that were named, then the others; anew from the first where they end. */
export function subjectsFor(count: number, named: readonly string[], near: readonly string[]): string[] {
  const all = [...new Set([...named, ...near].map((one) => one.toLowerCase()))];
  return all.length === 0 ? [] : Array.from({ length: count }, (_, i) => all[i % all.length] ?? '');
}
