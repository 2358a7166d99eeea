import { DomainError } from '../domain/errors.js';
import { coloursOf } from '../domain/gallery-marks.js';
import type { ItemId, MediaHash } from '../domain/ids.js';
import { briefColours } from '../domain/imaging/brief-colours.js';
import type { Item } from '../domain/item.js';
import type { Job } from '../domain/job.js';
import type { Media, RawPicture } from '../domain/media.js';
import type { SafetyVerdict } from '../domain/safety/safety-verdict.js';
import { type PictureOrigin, recipeDigest } from '../domain/picture-manifest.js';
import type { Recipe, Work } from '../domain/work.js';
import type { JobContext, JobHandler, JobOutcome } from './job-handler.js';
import type { GeneratePicturesPayload } from './jobs.js';
import { assertAllowedWords, checkOutput } from './check-output.js';
import { pictureIdea, type PictureIdea } from './picture-idea.js';
import { pictureKindOf, workKindOf } from './picture-kind-of.js';
import type { PictureBrief, Ports } from './ports.js';
import { requireReferences } from './require-references.js';
import { runMemory } from './run-memory.js';
import { storePatiently } from './store-patiently.js';

/** Strength of a remix: enough noise to change the picture, little enough to recognise its parent. */
const REMIX_STRENGTH = 0.7;

/** Generate -> publish: one picture after the other; each stands alone, and what an earlier attempt finished is kept. */
export const renderPictures: JobHandler<'generate-pictures'> = async (ports, job, context) => {
  const { payload } = job;
  const done = new Set((await ports.stores.works.byJobs([job.id])).map(({ index }) => index));
  const failures: Failed[] = [];
  for (let index = 0; index < payload.count; index++) {
    if (done.has(index)) continue;
    context.signal.throwIfAborted();
    try {
      await renderOne(ports, { ...job, index }, context);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (error.retryable && job.attempt < job.maxAttempts) throw error;
      failures.push({ index, error });
    }
  }
  return outcome(payload.count, failures);
};

interface Failed {
  readonly index: number;
  readonly error: DomainError;
}

/** What there is instead of a picture: one that failed does not take the others with it. */
export interface WithheldOutput {
  readonly index: number;
  readonly code: DomainError['code'];
  readonly message: string;
  readonly retryable: boolean;
}

function outcome(count: number, failures: readonly Failed[]): JobOutcome {
  const [first] = failures;
  if (first === undefined) return { status: 'SUCCEEDED' };
  if (failures.length === count) throw first.error;
  const withheld = failures.map(({ index, error: { code, message, retryable } }): WithheldOutput => {
    return { index, code, message, retryable };
  });
  return { status: 'PARTIALLY_SUCCEEDED', result: { withheld } };
}

/** The withheld outputs in a picture job's result. */
export function withheldOutputs(result: Job['result']): readonly WithheldOutput[] {
  return (result?.['withheld'] as WithheldOutput[] | undefined) ?? []; // written by `outcome` alone
}

type OutputJob = Parameters<typeof renderPictures>[1] & { readonly index: number };

async function renderOne(ports: Ports, job: OutputJob, context: JobContext): Promise<void> {
  const { payload, index } = job;
  const seed = payload.seed + index;
  const idea = await ideaOf(ports, payload, index);
  const style = payload.bundle?.style ?? payload.style;
  const brief = await briefOf(ports, { payload: { ...payload, style }, idea, seed });
  assertAllowedWords(idea.words);
  const previews = previewer(ports, context, { index, count: payload.count, idea });
  const { picture, used, by, verdicts } = await ports.imageMaker
    .make(brief, context.signal, (progress) => previews.show(progress), runMemory(ports, job.id, index))
    .then(async (made) => {
      const checked = { words: idea.words, picture: made.picture };
      return { ...made, verdicts: await checkOutput(ports, checked, context.signal) };
    })
    .catch((error: unknown) => previews.withdrawAndThrow(error));
  await previews.settled();
  context.report((index + 0.9) / payload.count, 'publishing');
  const recipe: Recipe = {
    prompt: idea.words,
    seed,
    steps: numberOr(used['steps'], brief.steps),
    guidance: numberOr(used['guidance'], brief.guidance),
    width: picture.width,
    height: picture.height,
    style,
    facets: idea.facets,
    ...(idea.nearest.length > 0 && { nearest: idea.nearest }),
    ...(payload.bundle && { palette: payload.bundle.palette }),
    strength: brief.from?.strength ?? null,
    provider: by.provider,
    model: by.model,
  };
  const origin: PictureOrigin = {
    ...{ provider: by.provider, model: by.model, recipe: recipeDigest(recipe) },
    madeAt: ports.clock.now().toISOString(),
  };
  const published = await storePatiently(context, (index + 0.9) / payload.count, () =>
    ports.pictures.publishGenerated(picture, { alt: altText(idea), origin }),
  );
  await publish(ports, { job, context, idea, ...published, verdicts, recipe, price: by.price });
}

/** Of a bundle each picture has its own subject and all have its colours, named by codes in the words. */
async function ideaOf(ports: Ports, payload: GeneratePicturesPayload, index: number): Promise<PictureIdea> {
  const { bundle, seed } = payload;
  if (bundle === undefined) return pictureIdea(ports, payload, seed + index);
  const brief = bundle.subjects[index] ?? null;
  const idea = await pictureIdea(ports, { ...payload, brief }, seed + index);
  return { ...idea, words: `${idea.words} ${bundle.palette.join(' ')}` };
}

const numberOr = (value: unknown, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise;

async function briefOf(
  ports: Ports,
  {
    payload,
    idea,
    seed,
  }: { readonly payload: GeneratePicturesPayload; readonly idea: PictureIdea; readonly seed: number },
): Promise<PictureBrief> {
  const from = await startingPicture(ports, payload);
  const references = await referencePictures(ports, payload);
  const { words, taste } = idea;
  const kind = pictureKindOf(payload);
  return { kind, words, style: payload.style, taste, seed, ...ports.imageMaker.defaults, from, references };
}

/** With the rows as they are now: what its owner deleted since is not sent to anybody. */
async function referencePictures(
  { stores, references, pictures }: Ports,
  { personId, reference = [] }: GeneratePicturesPayload,
): Promise<PictureBrief['references']> {
  const rows = await requireReferences(stores, personId, reference);
  return Promise.all(
    rows.map(async ({ id, role }) => {
      const bytes = await references.get(id);
      if (bytes !== null) return { role, picture: await pictures.decodeUpload(bytes) };
      throw new DomainError('NOT_FOUND', 'reference: the picture was deleted', {
        path: ['input', 'reference'],
      });
    }),
  );
}

async function startingPicture(
  { stores, pictures }: Ports,
  { remixOf, strength }: GeneratePicturesPayload,
): Promise<{ picture: RawPicture; strength: number } | null> {
  if (remixOf === null) return null;
  const [parent] = await stores.items.byIds([remixOf]);
  const hash = parent?.mediaHash ?? null;
  const picture = hash === null ? null : await pictures.decode(hash);
  if (picture === null)
    throw new DomainError('NOT_FOUND', 'remixOf: content with a picture was wanted, it has none any more');
  return { picture, strength: strength ?? REMIX_STRENGTH };
}

/** Stores previews one at a time and drops those that come meanwhile, so that showing never slows the making. */
function previewer(
  ports: Ports,
  context: JobContext,
  { index, count, idea }: { index: number; count: number; idea: PictureIdea },
) {
  let busy: Promise<void> | null = null;
  const shown = new Set<MediaHash>();
  const store = async (picture: RawPicture, progress: number, stage: string) => {
    if (!(await mayBeShown(ports, { words: idea.words, picture }, context))) return;
    const media = await ports.pictures.publishPreview(picture, `Preview: ${altText(idea)}`);
    await ports.stores.media.save(media);
    shown.add(media.hash);
    context.report(progress, stage, media.hash);
  };
  return {
    show({
      progress,
      stage,
      preview,
    }: {
      progress: number;
      stage: string;
      preview: RawPicture | null;
    }): void {
      const overall = (index + 0.9 * progress) / count;
      if (preview === null || busy !== null) {
        context.report(overall, stage);
        return;
      }
      busy = store(preview, overall, stage)
        .catch((error: unknown) => ports.log('preview-failed', { error }))
        .finally(() => {
          busy = null;
        });
    },
    async settled(): Promise<void> {
      await busy;
    },
    /** What is refused when it is done must not live on in the previews of it. */
    async withdrawAndThrow(error: unknown): Promise<never> {
      await busy;
      if (error instanceof DomainError) await ports.stores.media.withdraw([...shown]);
      throw error;
    },
  };
}

/** What is half drawn is looked at as well: without a yes of the check it is not shown, and the drawing goes on. */
async function mayBeShown(
  ports: Ports,
  preview: Parameters<typeof checkOutput>[1],
  { signal }: JobContext,
): Promise<boolean> {
  try {
    await checkOutput(ports, preview, signal);
    return true;
  } catch (error) {
    if (error instanceof DomainError || signal.aborted) return false;
    throw error;
  }
}

/** Says what was asked for and that a machine made it; it never claims to have looked at the picture. */
function altText({ words }: PictureIdea): string {
  return `AI-made picture: ${briefColours(words).words}`;
}

interface Finished {
  readonly job: OutputJob;
  readonly context: JobContext;
  readonly idea: PictureIdea;
  readonly media: Media;
  readonly manifest: string;
  readonly verdicts: readonly SafetyVerdict[];
  readonly recipe: Recipe;
  readonly price: number;
}

/** Item, work, vector, gallery entry and job event: together, once per (job, index), and only by the attempt that holds the fence. */
async function publish(ports: Ports, finished: Finished): Promise<void> {
  const { job, context, idea, media, manifest, verdicts, recipe, price } = finished;
  const { payload, index } = job;
  const [vector] = await ports.text.encode([`${idea.title}. ${idea.topics.join(', ')}`], context.signal);
  const look = await ports.pictures.look(media.hash);
  const at = ports.clock.now();
  const id = ports.ids.next() as ItemId;
  const item: Item = {
    id,
    catalogueId: payload.catalogueId,
    externalId: `work-${job.id}-${index}`,
    title: idea.title,
    summary: null,
    topics: idea.topics,
    attributes: {
      origin: 'made for one person',
      ...(recipe.style === null ? {} : { style: recipe.style }),
    },
    origin: 'GENERATED',
    ownerId: payload.personId,
    visibility: payload.visibility,
    mediaHash: media.hash,
    availableUntil: null,
    createdAt: at,
  };
  const work: Work = {
    itemId: id,
    authorId: payload.personId,
    jobId: job.id,
    index,
    kind: workKindOf(payload),
    recipe,
    recipeShared: false,
    parentId: payload.remixOf,
    basedOn: payload.basedOn,
    contentHash: media.hash,
    manifest,
    verdicts,
    modelVersionId: null,
    createdAt: at,
  };
  await ports.transaction(async (tx) => {
    await tx.media.save(media);
    const saved = await tx.works.save(work, item);
    if (look !== null) await tx.looks.save(media.hash, new Uint8Array(look.buffer), coloursOf(media.palette));
    if (saved.isNew && vector !== undefined) await tx.items.saveVectors(new Map([[saved.itemId, vector]]));
    const accepted = await tx.jobs.outputReady(job.id, context.fence, { index, itemId: saved.itemId }, at);
    if (!accepted) throw new StaleAttempt(job.id, context.fence);
    if (!saved.isNew) return;
    await tx.costs.charge(job.id, price); // here: what is kept is paid, once, and nothing else is
    const { visibility } = payload;
    await tx.galleryLog.append({
      kind: 'ADDED',
      itemId: saved.itemId,
      ownerId: payload.personId,
      visibility,
      at,
    });
  });
}

/** Another attempt, or a cancel, has taken the job over: nothing of this attempt's output is kept. */
class StaleAttempt extends Error {
  constructor(jobId: string, fence: number) {
    super(`job ${jobId}: attempt with fence ${fence} is no longer the one that may write`);
    this.name = 'StaleAttempt';
  }
}
