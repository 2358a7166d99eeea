import type { Vocabulary } from './vocabulary.js';

/** What the denoiser is told. All zeros in a part means that this part was not said. */
export interface Condition {
  /** (dimensions): mean of the unit vectors, L2-normalised. */
  readonly text: Float32Array;
  /** (words + styles): 1 for each known word and style that was said. */
  readonly bag: Float32Array;
  /** (dimensions): mean text vector of what the person likes. */
  readonly taste: Float32Array;
}

export interface Said {
  readonly units: readonly string[];
  readonly style: string | null;
  readonly taste: Float32Array | null;
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

/** Words and taste to numbers. Unknown words still count: through the mean of the text vectors. */
export function conditionOf(
  { units, style, taste }: Said,
  layout: BagLayout,
  vectorOf: (unit: string) => Float32Array,
  dimensions: number,
): Condition {
  const bag = new Float32Array(layout.size);
  const said = new Set(units.flatMap((unit) => unit.split(' ')));
  for (const place of [...said, `style:${style ?? ''}`]) {
    const at = layout.placeOf.get(place);
    if (at !== undefined) bag[at] = 1;
  }
  return {
    text: meanDirection(units.map(vectorOf), dimensions),
    bag,
    taste: taste === null ? new Float32Array(dimensions) : meanDirection([taste], dimensions),
  };
}

/** The mean of vectors, scaled back to length 1; zero for none. */
export function meanDirection(vectors: readonly Float32Array[], dimensions: number): Float32Array {
  const sum = new Float32Array(dimensions);
  for (const vector of vectors) vector.forEach((value, i) => (sum[i] = (sum[i] ?? 0) + value));
  const length = Math.hypot(...sum);
  return length === 0 ? sum : sum.map((value) => value / length);
}
