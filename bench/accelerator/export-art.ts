import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { COLOUR_NAMES } from '../../src/domain/imaging/colour-names.js';
import type { Concept } from '../../src/domain/imaging/concept.js';
import { bagLayout } from '../../src/domain/imaging/condition.js';
import { namedPalette } from '../../src/domain/imaging/palette.js';
import { mainHue } from '../../src/domain/imaging/recolour.js';
import { allUnits } from '../../src/domain/imaging/training-words.js';
import { buildVocabulary } from '../../src/domain/imaging/vocabulary.js';
import { contentWords } from '../../src/domain/imaging/words.js';
import type { RawPicture } from '../../src/domain/media.js';
import { onnxCompute } from '../../src/infra/compute/onnx-compute.js';
import { type ArtSource, readTrainingSources } from '../../src/infra/demo/art-pixels.js';
import { createEmbeddedEncoder } from '../../src/infra/providers/embeddings/embedded-encoder.js';

/**
 * Writes what `train.py` learns from, for a machine that has an accelerator but no Node: the art as pictures with alpha (WebP), the words
 * that may be said of each concept, and their text vectors in 8 bits. Usage: node dist/bench/accelerator/export-art.js FOLDER
 */
const folder = process.argv[2];
if (!folder) throw new Error('a folder to write into was wanted, none came');
/** Every third idea at full size is plenty for edges, and keeps the package under 14 MB. */
const LARGE_EVERY = 9;
const COLOURS = new Set<string>(COLOUR_NAMES);

await mkdir(folder, { recursive: true });
const sources = await readTrainingSources(['flat', 'soft', 'crisp']);
const { concepts } = sources;
const styles = [...new Set(sources.drawings.map(({ style }) => style))].sort();
const vocabulary = buildVocabulary(concepts, styles);
const { placeOf, size } = bagLayout(vocabulary);
const units = [...new Set([...allUnits(concepts), ...vocabulary.words])].sort();
const numberOf = new Map(units.map((unit, i) => [unit, i]));
const encoder = createEmbeddedEncoder(onnxCompute());
const signal = new AbortController().signal;

const small = await picturesOf(sources.drawings, 128);
const large = await picturesOf(
  sources.drawings.filter((_, i) => i % LARGE_EVERY === 0),
  256,
);
await writeFile(join(folder, 'art.bin'), Buffer.concat(small));
await writeFile(join(folder, 'large.bin'), Buffer.concat(large));
await writeFile(join(folder, 'units.bin'), inBytes(await encoder.encode(units, signal)));
const describing = concepts.map(({ label, tags }) => `${label}. ${tags.join(', ')}`);
await writeFile(join(folder, 'concepts.bin'), inBytes(await encoder.encode(describing, signal)));
const drawings = [];
for (const [i, { concept, style, svg }] of sources.drawings.entries()) {
  const picture = await onWhite(svg);
  const colours = namedPalette(picture).slice(0, 2);
  drawings.push({
    concept,
    style: styles.indexOf(style),
    hue: mainHue(picture) ?? -1,
    colours: colours.filter(({ share }) => share > 0.25).map(({ name }) => COLOUR_NAMES.indexOf(name)),
    bytes: small[i]?.length ?? 0,
  });
}
const meta = {
  dimensions: encoder.dimensions,
  encoder: encoder.name,
  bag: size,
  styles,
  styleBag: styles.map((style) => placeOf.get(`style:${style}`)),
  colours: COLOUR_NAMES.map((name) => numberOf.get(name)),
  units: units.map((unit) => unit.split(' ').flatMap((word) => placeOf.get(word) ?? [])),
  unitNames: units,
  concepts: concepts.map(wordsOf),
  drawings,
  largeBytes: large.map(({ length }) => length),
  vocabulary,
};
await writeFile(join(folder, 'meta.json'), JSON.stringify(meta));

/** What people may say of a concept, as numbers of units: with the colour words, and without them for recoloured drawings. */
function wordsOf({ label, tags, group, subgroup }: Concept) {
  const numbers = (texts: string[]) =>
    [...new Set(texts)].filter((text) => text !== '').map((text) => numberOf.get(text) ?? -1);
  const said = (text: string, plain: boolean) =>
    contentWords(text).filter((word) => !plain || !COLOURS.has(word));
  const version = (plain: boolean) => ({
    phrase: numbers([said(label, plain).join(' ')]),
    words: numbers(said(label, plain)),
    tags: numbers(tags.map((tag) => said(tag, plain).join(' '))),
    groups: numbers(said(`${group} ${subgroup}`, plain)),
  });
  return { label, group, subgroup, said: version(false), plain: version(true) };
}

async function picturesOf(drawings: readonly ArtSource[], width: number): Promise<Buffer[]> {
  const all: Buffer[] = [];
  for (const { svg } of drawings)
    all.push(
      await sharp(Buffer.from(svg))
        .resize(width, width, { fit: 'contain', background: { r: 255, g: 255, b: 255, alpha: 0 } })
        .webp(
          width > 128
            ? { quality: 90, smartSubsample: true, effort: 4 }
            : { quality: 80, smartSubsample: true, effort: 4 },
        )
        .toBuffer(),
    );
  return all;
}

async function onWhite(svg: string): Promise<RawPicture> {
  const image = sharp(Buffer.from(svg)).resize(64, 64, { fit: 'contain', background: '#ffffff' });
  const data = await image.flatten({ background: '#ffffff' }).removeAlpha().raw().toBuffer();
  return { width: 64, height: 64, channels: 3, data: new Uint8Array(data) };
}

/** Unit vectors as signed bytes, each row scaled by its largest value; `train.py` scales back to length 1. */
function inBytes(vectors: readonly Float32Array[]): Uint8Array {
  const rows = vectors.map((vector) => {
    const most = vector.reduce((max, value) => Math.max(max, Math.abs(value)), 1e-9);
    return Int8Array.from(vector, (value) => Math.round((127 * value) / most));
  });
  return Buffer.concat(rows.map((row) => Buffer.from(row.buffer)));
}
