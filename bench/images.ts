import { mkdir, stat, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { COLOUR_NAMES } from '../src/domain/imaging/colour-names.js';
import { namedPalette } from '../src/domain/imaging/palette.js';
import { encodePicture, type PatchBasis } from '../src/domain/imaging/patch-basis.js';
import { contentWords } from '../src/domain/imaging/words.js';
import type { RawPicture } from '../src/domain/media.js';
import { onnxCompute } from '../src/infra/compute/onnx-compute.js';
import { readTrainingArt } from '../src/infra/demo/art-pixels.js';
import { createEmbeddedEncoder } from '../src/infra/providers/embeddings/embedded-encoder.js';
import { readImageModel } from '../src/infra/providers/images/image-model-files.js';
import { createLocalDiffusion } from '../src/infra/providers/images/local-diffusion.js';
import { reportBench } from './bench-report.js';

/** Rows 1-4: what the art shows. Rows 5-8: colours, pairs and scenes that no drawing shows. */
const BRIEFS = [
  ...['red apple', 'cat face', 'grinning face', 'rose', 'automobile', 'house', 'evergreen tree', 'full moon'],
  ...['pizza', 'dog face', 'castle', 'tropical fish', 'star', 'owl', 'sunflower', 'ice cream'],
  ...['rocket', 'robot', 'crown', 'guitar', 'sailboat', 'red heart', 'mushroom', 'butterfly'],
  ...['strawberry', 'penguin', 'cactus', 'hot beverage', 'rainbow', 'bear', 'soccer ball', 'ghost'],
  ...[
    'blue rose',
    'green cat',
    'purple car',
    'pink elephant',
    'blue apple',
    'red moon',
    'black star',
    'green heart',
  ],
  ...[
    'blue face',
    'purple dog',
    'pink house',
    'orange fish',
    'yellow bird',
    'red tree',
    'blue pizza',
    'green fox',
  ],
  ...[
    'cat with a crown',
    'sad robot',
    'angry apple',
    'happy moon',
    'frog with a hat',
    'star on the ocean',
    'flower house',
    'ghost cat',
  ],
  ...[
    'spooky castle',
    'sleepy bear',
    'summer drink',
    'cold mountain',
    'party dog',
    'love letter',
    'magic potion',
    'space ship',
  ],
];
const OPTIONS = {
  folder: 'assets/image-model',
  sheet: 'docs/images/contact-sheet.png',
  seed: 1,
  side: 160,
  perRow: 8,
};
/** Closer to a drawing than this (root mean square of a pixel in [0, 255]) and an eye calls it a copy. */
const COPY = 12;

interface Made {
  readonly words: string;
  readonly picture: RawPicture;
  readonly seconds: number;
}

const model = await readImageModel(OPTIONS.folder);
const maker = createLocalDiffusion({
  compute: onnxCompute(),
  text: createEmbeddedEncoder(onnxCompute()),
  load: () => Promise.resolve(model),
});
const made = await makeAll();
await writeSheet(made);
const small = await Promise.all(made.map(({ picture }) => shrunk(picture, model.manifest.width)));
const nearest = await nearestArt(small, model.basis);
const coloured = made.filter(({ words }) => askedColour(words) !== null);
const known = made.slice(0, 32).map(({ words }, i) => nearest[i]?.label === words);
reportBench(
  'images',
  {
    secondsPerPicture: mean(made.slice(1).map(({ seconds }) => seconds)), // the first one loads the model
    secondsFirstPicture: made[0]?.seconds ?? NaN,
    weightsMb: (await stat(`${OPTIONS.folder}/weights.bin`)).size / 1e6,
    colourAgreement: share(coloured.map(hasAskedColour)),
    colourBriefs: coloured.length,
    nearestDistance: mean(nearest.map(({ distance }) => distance)),
    copyShare: share(nearest.map(({ distance }) => distance < COPY)),
    nearestDrawingIsAsked: share(known),
  },
  OPTIONS.seed,
);

async function makeAll(): Promise<Made[]> {
  const all: Made[] = [];
  for (const [i, words] of BRIEFS.entries()) {
    const start = performance.now();
    const brief = {
      words,
      style: 'flat',
      taste: null,
      seed: OPTIONS.seed + i,
      kind: 'text-to-image' as const,
      references: [],
      from: null,
      ...maker.defaults,
    };
    const { picture } = await maker.make(brief, new AbortController().signal, () => undefined);
    all.push({ words, picture, seconds: (performance.now() - start) / 1000 });
  }
  return all;
}

async function writeSheet(pictures: readonly Made[]): Promise<void> {
  const { side, perRow } = OPTIONS;
  const tiles = await Promise.all(
    pictures.map(async ({ picture }, i) => ({
      input: await sharp(await shrunk(picture, side), { raw: { width: side, height: side, channels: 3 } })
        .png()
        .toBuffer(),
      left: (i % perRow) * (side + 8) + 4,
      top: Math.floor(i / perRow) * (side + 8) + 4,
    })),
  );
  const [width, height] = [perRow * (side + 8), Math.ceil(pictures.length / perRow) * (side + 8)];
  await mkdir('docs/images', { recursive: true });
  const sheet = sharp({ create: { width, height, channels: 3, background: '#ffffff' } }).composite(tiles);
  await sheet.png({ palette: true, effort: 8 }).toFile(OPTIONS.sheet);
  const rows = Array.from({ length: BRIEFS.length / perRow }, (_, r) =>
    BRIEFS.slice(r * perRow, (r + 1) * perRow),
  );
  const table = rows.map((row, r) => `| ${r + 1} | ${row.join(' | ')} |`).join('\n');
  const head = `| row | ${Array.from({ length: perRow }, (_, i) => i + 1).join(' | ')} |\n|${' --- |'.repeat(perRow + 1)}`;
  const text = `# What the built-in model draws\n\nMade by \`npm run bench:images\`; one picture for each brief, first seed, none picked.\n\n![contact sheet](contact-sheet.png)\n\n${head}\n${table}\n`;
  await writeFile('docs/images/contact-sheet.md', text);
}

async function shrunk({ width, height, channels, data }: RawPicture, side: number): Promise<Uint8Array> {
  return new Uint8Array(
    await sharp(data, { raw: { width, height, channels } }).resize(side, side).raw().toBuffer(),
  );
}

/** The nearest drawing of the training art for each picture, by pixels. */
async function nearestArt(pictures: readonly Uint8Array[], basis: PatchBasis) {
  const art = await readTrainingArt(model.manifest.width);
  const flat: PatchBasis = { ...basis, deviation: new Float32Array(basis.k).fill(1) }; // true pixel distances along the axes
  const drawings = art.drawings.map(({ pixels }) => encodePicture(pixels, art.width, flat));
  const scale = 127.5 / Math.sqrt(art.width ** 2 * 3);
  return pictures.map((pixels) => {
    const z = encodePicture(pixels, art.width, flat);
    const distances = drawings.map(
      (other) => scale * Math.sqrt(z.reduce((sum, value, i) => sum + (value - (other[i] ?? 0)) ** 2, 0)),
    );
    const best = distances.indexOf(Math.min(...distances));
    return {
      distance: distances[best] ?? NaN,
      label: art.concepts[art.drawings[best]?.concept ?? -1]?.label ?? '',
    };
  });
}

function askedColour(words: string): string | null {
  return contentWords(words).find((word) => COLOUR_NAMES.some((name) => name === word)) ?? null;
}

/** Among the two most present colour names of the figure. */
function hasAskedColour({ words, picture }: Made): boolean {
  const present = namedPalette(picture).slice(0, 2);
  return present.some(({ name, share }) => name === askedColour(words) && share > 0.2);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function share(flags: readonly boolean[]): number {
  return mean(flags.map(Number));
}
