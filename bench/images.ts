import { readFile, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { COLOUR_NAMES } from '../src/domain/imaging/colour-names.js';
import { namedPalette } from '../src/domain/imaging/palette.js';
import { contentWords } from '../src/domain/imaging/words.js';
import { onnxCompute } from '../src/infra/compute/onnx-compute.js';
import { readTrainingArt } from '../src/infra/demo/art-pixels.js';
import { createEmbeddedEncoder } from '../src/infra/providers/embeddings/embedded-encoder.js';
import { readImageModel } from '../src/infra/providers/images/image-model-files.js';
import { createLocalDiffusion } from '../src/infra/providers/images/local-diffusion.js';
import { fail, wholeNumber } from './arguments.js';
import { reportBench } from './bench-report.js';
import { SHEET_BRIEFS, writeSheet } from './pictures/contact-sheet.js';
import { featuresOfArt, judgePictures, type PictureFigures } from './pictures/judge-pictures.js';
import { keepPictures, type KeptPicture } from './pictures/keep-pictures.js';
import { ownPicturePreferred } from './pictures/own-picture.js';
import { openJudge } from './pictures/picture-judge.js';
import { shrunk } from './pictures/shrunk.js';
import { trialIdeas } from './pictures/trial-ideas.js';

/**
 * What the built-in model's pictures are worth: `npm run bench:images -- --pictures 512`. Some 40 minutes of two quiet cores; stopped and
 * started again it goes on where it was.
 */
const FOLDER = 'assets/image-model';
const SEED = 1;
/** Pictures that a person asks for at once. */
const SET = 4;

/** Of a brief that says words, style and seed alone. */
const PLAIN = { kind: 'text-to-image', taste: null, from: null, references: [] } as const;

interface Made extends KeptPicture {
  readonly words: string;
}

const { values } = parseArgs({
  options: {
    pictures: { type: 'string', default: '512' },
    sketches: { type: 'string', default: '1' },
  },
});
const count = wholeNumber('pictures', values.pictures);
const sketches = wholeNumber('sketches', values.sketches);
const model = await readImageModel(FOLDER);
const compute = onnxCompute();
const text = createEmbeddedEncoder(compute);
const maker = createLocalDiffusion({ compute, text, load: () => Promise.resolve(model), sketches });
const draw = keepPictures(maker, `version ${model.manifest.version}, sketches ${sketches}, by their words`);
const made = await drawSheet();
await writeSheet(made.map(({ picture }) => picture));
const art = await readTrainingArt(model.manifest.width);
const ideas = trialIdeas(art.concepts, count);
const judge = await openJudge(compute);
const features = await featuresOfArt(judge, art);
const first = await firstVersion();
const own = await ownPicturePreferred(draw, text, { judge, art, features });
const figures = await judgePictures(judge, await drawTrials(), { ideas, art, features });
const warm = made.slice(1); // the first one loads the model
const coloured = made.filter(({ words }) => askedColour(words) !== null);
reportBench(
  'images',
  {
    pictures: figures.pictures,
    classifierAgreement: figures.agreement,
    classifierOnUnseenArt: judge.heldOut,
    frechet: figures.frechet,
    frechetRatio: figures.frechet / first.frechet,
    nearCopyShare: figures.nearCopies,
    nearestDistance: figures.nearestDistance,
    colourAgreement: mean(coloured.map(hasAskedColour).map(Number)),
    colourBriefs: coloured.length,
    ownPicturePreferred: own.preferred,
    ownPicturePairs: own.pairs,
    secondsForFour: SET * median(warm.map(({ seconds }) => seconds)),
    cpuSecondsForFour: SET * median(warm.map(({ cpuSeconds }) => cpuSeconds)),
    secondsFirstPicture: made[0]?.seconds ?? NaN,
    outputPixels: made[0]?.picture.width ?? 0,
    weightsMb: (await stat(`${FOLDER}/weights.bin`)).size / 1e6,
  },
  SEED,
);

async function drawSheet(): Promise<Made[]> {
  const all: Made[] = [];
  for (const [i, words] of SHEET_BRIEFS.entries()) {
    const brief = { ...PLAIN, words, style: 'flat', seed: SEED + i };
    all.push({ words, ...(await draw(brief)) });
    if (i % 8 === 7) process.stderr.write(`sheet: ${i + 1} of ${SHEET_BRIEFS.length} pictures\n`);
  }
  return all;
}

async function drawTrials(): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for (const { concept, style, seed } of ideas) {
    const brief = { ...PLAIN, words: concept.label, style, seed };
    const { picture } = await draw(brief);
    all.push(await shrunk(picture, model.manifest.width));
    if (all.length % 16 === 0) process.stderr.write(`${all.length} of ${ideas.length} pictures\n`);
  }
  return all;
}

/** Of as many pictures: the Fréchet distance falls with their number (the first version: 12.8 of 96, 6.1 of 512). */
async function firstVersion(): Promise<PictureFigures> {
  const { runs } = JSON.parse(await readFile('bench/judge/first-version.json', 'utf8')) as {
    runs: PictureFigures[];
  };
  const found = runs.find(({ pictures }) => pictures === count);
  if (found) return found;
  return fail(`--pictures: ${runs.map(({ pictures }) => pictures).join(' or ')} was wanted, ${count} came`);
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

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
