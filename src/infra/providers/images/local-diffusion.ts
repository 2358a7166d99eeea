import { setImmediate as nextTurn } from 'node:timers/promises';
import sharp from 'sharp';
import type { Compute, Executable } from '../../../domain/graph/compute.js';
import { Graph } from '../../../domain/graph/graph.js';
import { briefColours } from '../../../domain/imaging/brief-colours.js';
import { type Candidate, chooseLatent } from '../../../domain/imaging/choose-latent.js';
import { type Condition, conditionOf } from '../../../domain/imaging/condition.js';
import { denoiserModel } from '../../../domain/imaging/denoiser.js';
import { COPY, fingerprint, nearestFingerprint } from '../../../domain/imaging/fingerprint.js';
import { leadToColour } from '../../../domain/imaging/lead-to-colour.js';
import type { Denoisers } from '../../../domain/imaging/guided-velocity.js';
import { askedColours, colourMatch } from '../../../domain/imaging/palette.js';
import type { Colour } from '../../../domain/imaging/palette-histogram.js';
import { fromPatches, toPatches } from '../../../domain/imaging/patches.js';
import type { PictureModel } from '../../../domain/imaging/picture-model.js';
import { fromPlanes, toPlanes } from '../../../domain/imaging/pixels.js';
import { sampleLatents } from '../../../domain/imaging/sample-latent.js';
import { ENLARGEMENT, sharpenerModel } from '../../../domain/imaging/sharpener.js';
import { toPalette } from '../../../domain/imaging/to-palette.js';
import { unitsOf } from '../../../domain/imaging/vocabulary.js';
import type { RawPicture } from '../../../domain/media.js';
import { type Random, seededRandom } from '../../../domain/random.js';
import type { ImageMaker, PictureBrief, TextEncoder } from '../../../flow/ports.js';
import { assertFitting } from './assert-fitting.js';

interface Parts {
  readonly compute: Compute;
  readonly text: TextEncoder;
  /** Read when the first picture is asked for: a server that makes none never loads it. */
  readonly load: () => Promise<PictureModel>;
  readonly threads?: number;
  /** Drawn side by side, and the one is finished that says most of the words: each costs nearly as much as a picture. 1 when left out. */
  readonly sketches?: number;
}

interface Loaded {
  readonly sketches: number;
  readonly model: PictureModel;
  readonly phrases: ReadonlySet<string>;
  readonly denoisers: Denoisers;
  readonly sharpener: Executable;
}

/** A look every few steps: more would only cost the page bandwidth. */
const PREVIEW_EVERY = 3;
/** Three take over twice the time of one, and of 512 pictures 76.2 instead of 75.0 % were named as asked (docs/pictures/model.md). */
const SKETCHES = 1;
/** Times that a picture is drawn anew because every sketch came too near to a drawing. */
const REDRAWS = 2;
const MODEL = 'vitrine-stickers-2';
/** Made on this machine: nobody bills it. */
const OFFER = { model: MODEL, price: 0 } as const;
const DEFAULTS = { steps: 12, guidance: 4 } as const;

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

async function openModel({ compute, load, threads, sketches = SKETCHES }: Parts): Promise<Loaded> {
  const model = await load();
  const { denoiser: shape, width } = model.manifest;
  const run = threads === undefined ? {} : { threads };
  const denoiserOf = (batch: number) => {
    const graph = new Graph();
    denoiserModel(graph, batch, shape);
    return compute.loadOnnx(compute.exportOnnx(graph, model.denoiser, ['clean']), run);
  };
  const large = new Graph();
  sharpenerModel(large, 1, width);
  return {
    sketches,
    model,
    phrases: new Set(model.manifest.vocabulary.phrases),
    denoisers: { said: await denoiserOf(sketches), both: await denoiserOf(2 * sketches) },
    sharpener: await compute.loadOnnx(compute.exportOnnx(large, model.sharpener, ['enlarged']), run),
  };
}

interface Watch {
  readonly signal: AbortSignal;
  readonly onProgress: Parameters<ImageMaker['make']>[2];
}

async function makePicture(
  loaded: Loaded & { text: TextEncoder },
  brief: PictureBrief,
  watch: Watch,
): Promise<Awaited<ReturnType<ImageMaker['make']>>> {
  const { condition, said, from } = await readBrief(loaded, brief, watch.signal);
  const seeded = seededRandom(brief.seed);
  let sketched = await sketch(loaded, { brief, condition, said, from, random: seeded }, watch);
  let redrawn = 0;
  while (sketched.nearest < COPY && brief.from === null && redrawn < REDRAWS) {
    redrawn++;
    const random = seeded.fork(`redraw ${redrawn}`);
    const next = await sketch(loaded, { brief, condition, said, from, random }, watch);
    if (next.nearest > sketched.nearest) sketched = next;
  }
  const small = said.colours.length < 2 ? sketched.picture : toPalette(sketched.picture, said.colours);
  watch.onProgress({ progress: 0.92, stage: 'enlarging', preview: small });
  const picture = await enlarged(loaded.sharpener, small);
  watch.signal.throwIfAborted();
  const { seed, steps, guidance } = brief;
  const { chosen, nearest } = sketched;
  const drawn = {
    sketches: loaded.sketches,
    chosen,
    redrawn,
    nearestDrawing: Number.isFinite(nearest) ? nearest : null,
  };
  const asked = { taste: brief.taste !== null, seed, steps, guidance };
  return {
    picture,
    used: { model: MODEL, ...said, ...drawn, ...asked, strength: brief.from?.strength ?? null },
    by: { provider: 'local-diffusion', ...OFFER },
  };
}

interface Sketching {
  readonly brief: PictureBrief;
  readonly condition: Condition;
  readonly said: { readonly words: readonly string[] };
  /** What a variation starts from, led to the colour that its words ask for. */
  readonly from: PictureBrief['from'];
  readonly random: Random;
}

/** Draws the sketches side by side and keeps the most surely right one of those that are no copies, or of all where all are. */
async function sketch(
  { sketches, model, denoisers }: Loaded,
  { brief, condition, said, from, random }: Sketching,
  { signal, onProgress }: Watch,
): Promise<{ picture: RawPicture; chosen: number; nearest: number }> {
  const { width, denoiser } = model.manifest;
  const pictureIn = (latent: Float32Array) => pictureOf(fromPatches(latent, width), width);
  const latents = await sampleLatents(denoisers, condition, {
    count: sketches,
    length: denoiser.tokens * denoiser.k,
    steps: brief.steps,
    guidance: brief.guidance,
    random,
    from: from && {
      latent: toPatches(await smallOf(from.picture, width), width),
      strength: from.strength,
    },
    onStep: async (now, step) => {
      await nextTurn();
      signal.throwIfAborted();
      const isShown = (step + 1) % PREVIEW_EVERY === 0;
      const preview = isShown ? sideBySide(now.map(pictureIn)) : null;
      onProgress({ progress: (0.85 * (step + 1)) / brief.steps, stage: 'sketching', preview });
    },
  });
  const asked = askedColours(said.words.flatMap((unit) => unit.split(' ')));
  const candidates = latents.map((latent) => toCandidate(model, latent, asked));
  const chosen =
    sketches === 1 ? 0 : await chooseLatent(denoisers.both, candidates, condition, random.fork('choice'));
  const { latent, nearest } = candidates[chosen] as (typeof candidates)[number];
  return { picture: pictureIn(latent), chosen, nearest };
}

function toCandidate(
  { manifest, fingerprints }: PictureModel,
  latent: Float32Array,
  asked: ReturnType<typeof askedColours>,
): Candidate & { readonly nearest: number } {
  const pixels = fromPatches(latent, manifest.width);
  const nearest = nearestFingerprint(fingerprints, fingerprint(pixels, manifest.width));
  return {
    latent,
    colour: colourMatch(pictureOf(pixels, manifest.width), asked),
    isCopy: nearest < COPY,
    nearest,
  };
}

/** Words, style, taste and colours as the denoiser takes them, and which of the words it has a place for. */
async function readBrief(
  { model, phrases, text }: Pick<Loaded, 'model' | 'phrases'> & { text: TextEncoder },
  { words, style: wanted, taste, from }: PictureBrief,
  signal: AbortSignal,
) {
  const { layout, manifest } = model;
  const told = briefColours(words);
  const units = unitsOf(told.words, phrases);
  const encoded = await text.encode(units, signal);
  const vectors = new Map(units.map((unit, i) => [unit, encoded[i]]));
  const vectorOf = (unit: string) => vectors.get(unit) ?? new Float32Array(text.dimensions);
  const style = manifest.vocabulary.styles.find((known) => known === wanted) ?? null;
  const single = units.flatMap((unit) => unit.split(' '));
  const { start, colours, ledTo } = ledStart(from, single, told.colours);
  const condition = conditionOf({ units, style, taste, colours }, layout, vectorOf, text.dimensions);
  const knownWords = units.filter((unit) => unit.split(' ').every((word) => layout.placeOf.has(word)));
  return { condition, said: { words: units, knownWords, colours, style, ledTo }, from: start };
}

/** At full strength nothing of the start is kept, so there is nothing to lead. */
function ledStart(from: PictureBrief['from'], words: readonly string[], codes: readonly Colour[]) {
  if (from === null || from.strength >= 1) return { start: from, colours: codes, ledTo: null };
  const { start, colours, to } = leadToColour(from.picture, words, codes);
  return { start: { ...from, picture: start }, colours, ledTo: to };
}

async function enlarged(sharpener: Executable, { data, width }: RawPicture): Promise<RawPicture> {
  const { enlarged: large } = await sharpener.run({ small: toPlanes(data) });
  if (!(large instanceof Float32Array)) throw new Error('the sharpener gave no picture');
  return pictureOf(fromPlanes(large), width * ENLARGEMENT);
}

/** The sketches in a row of two: what is being drawn. */
function sideBySide(pictures: readonly RawPicture[]): RawPicture {
  const width = pictures[0]?.width ?? 0;
  const columns = pictures.length;
  const data = new Uint8Array(columns * width * width * 3);
  pictures.forEach((picture, column) => {
    for (let y = 0; y < width; y++) {
      const row = picture.data.subarray(y * width * 3, (y + 1) * width * 3);
      data.set(row, (y * columns + column) * width * 3);
    }
  });
  return { width: columns * width, height: width, channels: 3, data };
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
