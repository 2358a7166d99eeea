import type { RawPicture } from '../media.js';
import type { Random } from '../random.js';
import { COLOUR_NAMES, type ColourName } from './colour-names.js';
import type { Concept, Drawing, TrainingArt } from './concept.js';
import { type BagLayout, conditionOf, meanDirection, UNITS } from './condition.js';
import { namedPalette, type NamedShare } from './palette.js';
import { figureColours, PALETTE_BINS } from './palette-histogram.js';
import { toPatches } from './patches.js';
import { recolour } from './recolour.js';
import { trainingTime } from './schedule.js';
import { drawUnits } from './training-words.js';

/** Everything the examples are drawn from; made once. */
export interface TrainingSet {
  readonly art: TrainingArt;
  readonly layout: BagLayout;
  readonly dimensions: number;
  readonly unitVectors: ReadonlyMap<string, Float32Array>;
  /** One text vector per concept, as items of a catalogue have them: what tastes are means of. */
  readonly conceptVectors: readonly Float32Array[];
  readonly palettes: readonly (readonly NamedShare[])[];
}

/** The step's inputs, by the names of the denoiser's graph. */
export interface TrainingBatch {
  readonly clean: Float32Array; // (B, tokens, k)
  readonly noise: Float32Array; // (B, tokens, k)
  readonly time: Float32Array; // (B, 1)
  readonly text: Float32Array; // (B, dimensions)
  readonly units: Float32Array; // (B, UNITS, dimensions)
  readonly bag: Float32Array; // (B, words)
  readonly taste: Float32Array; // (B, dimensions)
  readonly palette: Float32Array; // (B, PALETTE_BINS)
}

/** Chances of the augmentations; the condition is dropped for classifier-free guidance (Ho & Salimans 2022). */
const CHANCE = { recolour: 0.35, noWords: 0.12, taste: 0.3, style: 0.7, palette: 0.3 } as const;

export function prepareTrainingSet(parts: Omit<TrainingSet, 'palettes'>): TrainingSet {
  const { art } = parts;
  return { ...parts, palettes: art.drawings.map((drawing) => namedPalette(asPicture(drawing, art.width))) };
}

export function drawBatch(set: TrainingSet, size: number, random: Random): TrainingBatch {
  const perPicture = set.art.width ** 2 * 3;
  const batch: TrainingBatch = {
    clean: new Float32Array(size * perPicture),
    noise: Float32Array.from({ length: size * perPicture }, () => random.normal()),
    time: Float32Array.from({ length: size }, () => trainingTime(random)),
    text: new Float32Array(size * set.dimensions),
    units: new Float32Array(size * UNITS * set.dimensions),
    bag: new Float32Array(size * set.layout.size),
    taste: new Float32Array(size * set.dimensions),
    palette: new Float32Array(size * PALETTE_BINS),
  };
  for (let i = 0; i < size; i++) {
    const { pixels, condition } = drawExample(set, random);
    batch.clean.set(toPatches(pixels, set.art.width), i * perPicture);
    for (const part of ['text', 'units', 'bag', 'taste', 'palette'] as const)
      batch[part].set(condition[part], i * condition[part].length);
  }
  return batch;
}

function drawExample(set: TrainingSet, random: Random) {
  const index = random.int(set.art.drawings.length);
  const drawing = at(set.art.drawings, index);
  const concept = at(set.art.concepts, drawing.concept);
  const { pixels, recoloured } = maybeRecolour(set, index, random);
  const palette = at(set.palettes, index);
  const silent = random.next() < CHANCE.noWords;
  const units = silent ? [] : drawUnits(concept, { palette, recoloured }, random);
  const style = !silent && random.next() < CHANCE.style ? drawing.style : null;
  const taste =
    random.next() < (silent ? 0.5 : CHANCE.taste) ? drawTaste(set, drawing.concept, random) : null;
  const vectorOf = (unit: string) => set.unitVectors.get(unit) ?? new Float32Array(set.dimensions);
  const colours = random.next() < CHANCE.palette ? [...figureColours(pixels, set.art.width)] : [];
  const condition = conditionOf({ units, style, taste, colours }, set.layout, vectorOf, set.dimensions);
  return { pixels, condition };
}

function maybeRecolour({ art }: TrainingSet, index: number, random: Random) {
  const drawing = at(art.drawings, index);
  const plain = { pixels: drawing.pixels, recoloured: null as ColourName | null };
  if (random.next() >= CHANCE.recolour) return plain;
  const target = at(COLOUR_NAMES, random.int(COLOUR_NAMES.length));
  const picture = recolour(asPicture(drawing, art.width), target);
  return picture === null ? plain : { pixels: picture.data, recoloured: target };
}

/** Somebody who likes this drawing likes others too: mostly of its narrow group, sometimes of its broad one or of any. */
function drawTaste(set: TrainingSet, own: number, random: Random): Float32Array {
  const { subgroup, group } = at(set.art.concepts, own);
  const liked = Array.from({ length: 1 + random.int(6) }, (_, i) => {
    if (i === 0 && random.next() < 0.6) return own;
    const near = random.next();
    const fits = (c: Concept) =>
      near < 0.6 ? c.subgroup === subgroup : near < 0.9 ? c.group === group : true;
    return drawWhere(set.art.concepts, fits, random);
  });
  return meanDirection(
    liked.map((concept) => at(set.conceptVectors, concept)),
    set.dimensions,
  );
}

function drawWhere(concepts: readonly Concept[], fits: (c: Concept) => boolean, random: Random): number {
  for (;;) {
    const index = random.int(concepts.length);
    if (fits(at(concepts, index))) return index;
  }
}

function asPicture({ pixels }: Drawing, width: number): RawPicture {
  return { width, height: width, channels: 3, data: pixels };
}

function at<T>(list: readonly T[], index: number): T {
  const value = list[index];
  if (value === undefined) throw new RangeError(`no element ${index} of ${list.length}`);
  return value;
}
