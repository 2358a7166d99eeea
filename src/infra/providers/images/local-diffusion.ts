import { setImmediate as nextTurn } from 'node:timers/promises';
import sharp from 'sharp';
import type { Compute, Executable } from '../../../domain/graph/compute.js';
import { Graph } from '../../../domain/graph/graph.js';
import { chooseLatent } from '../../../domain/imaging/choose-latent.js';
import { conditionOf } from '../../../domain/imaging/condition.js';
import { denoiserModel } from '../../../domain/imaging/denoiser.js';
import { assembleBlocks, contextsOf, enlargerModel, ENLARGEMENT } from '../../../domain/imaging/enlarger.js';
import { askedColours, colourMatch } from '../../../domain/imaging/palette.js';
import { decodePicture, encodePicture } from '../../../domain/imaging/patch-basis.js';
import { flattenColours } from '../../../domain/imaging/flatten-colours.js';
import type { PictureModel } from '../../../domain/imaging/picture-model.js';
import { toBytes, toSigned } from '../../../domain/imaging/pixels.js';
import { sampleLatents } from '../../../domain/imaging/sample-latent.js';
import { unitsOf } from '../../../domain/imaging/vocabulary.js';
import type { RawPicture } from '../../../domain/media.js';
import { seededRandom } from '../../../domain/random.js';
import type { ImageMaker, PictureBrief, TextEncoder } from '../../../flow/ports.js';
import { assertFitting } from './assert-fitting.js';

interface Parts {
  readonly compute: Compute;
  readonly text: TextEncoder;
  /** Read when the first picture is asked for: a server that makes none never loads it. */
  readonly load: () => Promise<PictureModel>;
  readonly threads?: number;
}

interface Loaded {
  readonly model: PictureModel;
  readonly phrases: ReadonlySet<string>;
  readonly denoiser: Executable;
  readonly enlarger: Executable;
}

/** Drawn side by side, and the best one is finished: eight rows cost the processor hardly more than two. */
const SKETCHES = 4;
/** A look every few steps: more would only cost the page bandwidth. */
const PREVIEW_EVERY = 6;
const MODEL = 'vitrine-stickers-1';
/** Made on this machine: nobody bills it. */
const OFFER = { model: MODEL, price: 0 } as const;
const DEFAULTS = { steps: 24, guidance: 3 } as const;

/** Our own diffusion model, run on the CPU by the Compute port; each step is asynchronous, so the event loop stays free. */
export function createLocalDiffusion(parts: Parts): ImageMaker {
  let loading: Promise<Loaded> | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  return {
    name: 'local-diffusion',
    model: MODEL,
    defaults: DEFAULTS,
    offers: { 'text-to-image': OFFER, 'image-to-image': OFFER },
    async make(brief, signal, onProgress) {
      assertFitting(brief);
      const picture = turn.then(async () => {
        signal.throwIfAborted();
        loading ??= openModel(parts);
        return makePicture({ ...(await loading), text: parts.text }, brief, { signal, onProgress });
      });
      turn = picture.catch(() => undefined); // runs of one executable may not overlap: pictures take turns
      return picture;
    },
  };
}

async function openModel({ compute, load, threads }: Parts): Promise<Loaded> {
  const model = await load();
  const { denoiser: shape, width } = model.manifest;
  const run = threads === undefined ? {} : { threads };
  const base = new Graph();
  denoiserModel(base, 2 * SKETCHES, shape);
  const large = new Graph();
  enlargerModel(large, blocksOf(width));
  return {
    model,
    phrases: new Set(model.manifest.vocabulary.phrases),
    denoiser: await compute.loadOnnx(compute.exportOnnx(base, model.denoiser, ['clean']), run),
    enlarger: await compute.loadOnnx(compute.exportOnnx(large, model.enlarger, ['blocks']), run),
  };
}

const blocksOf = (width: number): number => (width / 4) ** 2;

interface Watch {
  readonly signal: AbortSignal;
  readonly onProgress: Parameters<ImageMaker['make']>[2];
}

async function makePicture(
  { model, phrases, denoiser, enlarger, text }: Loaded & { text: TextEncoder },
  brief: PictureBrief,
  { signal, onProgress }: Watch,
): Promise<Awaited<ReturnType<ImageMaker['make']>>> {
  const { manifest, basis } = model;
  const { tokens, k } = manifest.denoiser;
  const { condition, said } = await readBrief({ model, phrases, text }, brief, signal);
  const from = brief.from && {
    latent: encodePicture(await smallOf(brief.from.picture, manifest.width), manifest.width, basis),
    strength: brief.from.strength,
  };
  const random = seededRandom(brief.seed);
  const small = (latent: Float32Array) =>
    pictureOf(decodePicture(latent, manifest.width, basis), manifest.width);
  const latents = await sampleLatents(denoiser, condition, {
    count: SKETCHES,
    length: tokens * k,
    steps: brief.steps,
    guidance: brief.guidance,
    random,
    from,
    onStep: async (now, step) => {
      await nextTurn();
      signal.throwIfAborted();
      const isShown = (step + 1) % PREVIEW_EVERY === 0;
      const preview = isShown ? sideBySide(now.map(small)) : null;
      onProgress({ progress: (0.9 * (step + 1)) / brief.steps, stage: 'sketching', preview });
    },
  });
  const asked = askedColours(said.words.flatMap((unit) => unit.split(' ')));
  const candidates = latents.map((latent) => ({ latent, colour: colourMatch(small(latent), asked) }));
  const chosen = await chooseLatent(denoiser, candidates, condition, random.fork('choice'));
  const sketch = small(latents[chosen] ?? new Float32Array(tokens * k));
  onProgress({ progress: 0.92, stage: 'enlarging', preview: sketch });
  const picture = await enlarged(enlarger, flattenColours(sketch.data), manifest.width);
  signal.throwIfAborted();
  const { seed, steps, guidance } = brief;
  const used = {
    model: MODEL,
    ...said,
    sketches: SKETCHES,
    chosen,
    taste: brief.taste !== null,
    seed,
    steps,
    guidance,
  };
  const by = { provider: 'local-diffusion', ...OFFER };
  return { picture, used: { ...used, strength: brief.from?.strength ?? null }, by };
}

/** Words, style and taste as the denoiser takes them, and which of the words it has a place for. */
async function readBrief(
  { model, phrases, text }: Pick<Loaded, 'model' | 'phrases'> & { text: TextEncoder },
  { words, style: wanted, taste }: PictureBrief,
  signal: AbortSignal,
) {
  const { layout, manifest } = model;
  const units = unitsOf(words, phrases);
  const encoded = await text.encode(units, signal);
  const vectors = new Map(units.map((unit, i) => [unit, encoded[i]]));
  const vectorOf = (unit: string) => vectors.get(unit) ?? new Float32Array(text.dimensions);
  const style = manifest.vocabulary.styles.find((known) => known === wanted) ?? null;
  const condition = conditionOf({ units, style, taste }, layout, vectorOf, text.dimensions);
  const knownWords = units.filter((unit) => unit.split(' ').every((word) => layout.placeOf.has(word)));
  return { condition, said: { words: units, knownWords, style } };
}

async function enlarged(enlarger: Executable, small: Uint8Array, width: number): Promise<RawPicture> {
  const { blocks } = await enlarger.run({ contexts: contextsOf(toSigned(small), width) });
  if (!(blocks instanceof Float32Array)) throw new Error('the enlarger gave no picture');
  return pictureOf(toBytes(assembleBlocks(blocks, width * ENLARGEMENT)), width * ENLARGEMENT);
}

/** Four small pictures as one of twice the width: what is being sketched. */
function sideBySide(pictures: readonly RawPicture[]): RawPicture {
  const width = pictures[0]?.width ?? 0;
  const data = new Uint8Array(4 * width * width * 3);
  pictures.slice(0, 4).forEach((picture, i) => {
    for (let y = 0; y < width; y++) {
      const row = picture.data.subarray(y * width * 3, (y + 1) * width * 3);
      data.set(row, (((i >> 1) * width + y) * 2 * width + (i % 2) * width) * 3);
    }
  });
  return pictureOf(data, 2 * width);
}

const pictureOf = (data: Uint8Array, width: number): RawPicture => ({
  width,
  height: width,
  channels: 3,
  data,
});

/** Any picture on white, at the model's size. */
async function smallOf({ width, height, channels, data }: RawPicture, side: number): Promise<Uint8Array> {
  const image = sharp(data, { raw: { width, height, channels } }).flatten({ background: '#ffffff' });
  return new Uint8Array(
    await image.resize(side, side, { fit: 'contain', background: '#ffffff' }).removeAlpha().raw().toBuffer(),
  );
}
