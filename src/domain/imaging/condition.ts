import { type Colour, paletteHistogram } from './palette-histogram.js';
import type { Vocabulary } from './vocabulary.js';

/** Most words, or names of several words, that the denoiser looks at one by one. */
export const UNITS = 8;

/** What the denoiser is told. All zeros in a part means that this part was not said. */
export interface Condition {
  /** (dimensions): mean of the unit vectors, L2-normalised. */
  readonly text: Float32Array;
  /** (UNITS, dimensions): the unit vectors themselves, zeros behind the last. */
  readonly units: Float32Array;
  /** (words + styles): 1 for each known word and style that was said. */
  readonly bag: Float32Array;
  /** (dimensions): mean text vector of what the person likes. */
  readonly taste: Float32Array;
  /** (PALETTE_BINS): shares of colours. */
  readonly palette: Float32Array;
}

export interface Said {
  readonly units: readonly string[];
  readonly style: string | null;
  readonly taste: Float32Array | null;
  /** All of the same weight; none when left open. */
  readonly colours: readonly Colour[];
}

/** Where each word has its place, built once. */
export interface BagLayout {
  readonly size: number;
  readonly placeOf: ReadonlyMap<string, number>;
}

export function bagLayout({ words, styles }: Vocabulary): BagLayout {
  const places = [...words, ...styles.map((style) => `style:${style}`)];
  return { size: places.length, placeOf: new Map(places.map((place, i) => [place, i])) };
}

/** Words, taste and colours to numbers. Unknown words still count: through their text vectors. Words after the eighth unit are not heard. */
export function conditionOf(
  { units: said, style, taste, colours }: Said,
  layout: BagLayout,
  vectorOf: (unit: string) => Float32Array,
  dimensions: number,
): Condition {
  const heard = said.slice(0, UNITS);
  const bag = new Float32Array(layout.size);
  const words = new Set(heard.flatMap((unit) => unit.split(' ')));
  for (const place of [...words, `style:${style ?? ''}`]) {
    const at = layout.placeOf.get(place);
    if (at !== undefined) bag[at] = 1;
  }
  return {
    text: meanDirection(heard.map(vectorOf), dimensions),
    units: stackedUnits(heard.map(vectorOf), dimensions),
    bag,
    taste: taste === null ? new Float32Array(dimensions) : meanDirection([taste], dimensions),
    palette: paletteHistogram(colours),
  };
}

function stackedUnits(vectors: readonly Float32Array[], dimensions: number): Float32Array {
  const stacked = new Float32Array(UNITS * dimensions);
  vectors.forEach((vector, i) => stacked.set(vector, i * dimensions));
  return stacked;
}

/** The mean of vectors, scaled back to length 1; zero for none. */
export function meanDirection(vectors: readonly Float32Array[], dimensions: number): Float32Array {
  const sum = new Float32Array(dimensions);
  for (const vector of vectors) vector.forEach((value, i) => (sum[i] = (sum[i] ?? 0) + value));
  const length = Math.hypot(...sum);
  return length === 0 ? sum : sum.map((value) => value / length);
}
