import { DomainError } from '../domain/errors.js';
import { coloursOf } from '../domain/gallery-marks.js';
import type { ItemId } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import type { Media, RawPicture } from '../domain/media.js';
import type { Recipe, Work } from '../domain/work.js';
import type { JobContext, JobHandler, JobOutcome } from './job-handler.js';
import type { GeneratePicturesPayload } from './jobs.js';
import { pictureIdea, type PictureIdea } from './picture-idea.js';
import type { Ports } from './ports.js';

/** Strength of a remix: enough noise to change the picture, little enough to recognise its parent. */
const REMIX_STRENGTH = 0.7;

/** Generate -> publish: one picture after the other; each stands alone, and what an earlier attempt finished is kept. */
export const renderPictures: JobHandler<'generate-pictures'> = async (ports, job, context) => {
  const { payload } = job;
  const done = new Set((await ports.stores.works.byJobs([job.id])).map(({ index }) => index));
  const failures: DomainError[] = [];
  for (let index = 0; index < payload.count; index++) {
    if (done.has(index)) continue;
    context.signal.throwIfAborted();
    try {
      await renderOne(ports, { ...job, index }, context);
    } catch (error) {
      if (!(error instanceof DomainError) || error.retryable) throw error;
      failures.push(error);
    }
  }
  return outcome(payload.count, failures);
};

function outcome(count: number, failures: readonly DomainError[]): JobOutcome {
  const [first] = failures;
  if (first === undefined) return { status: 'SUCCEEDED' };
  if (failures.length === count) throw first;
  return {
    status: 'PARTIALLY_SUCCEEDED',
    result: { withheld: failures.map(({ code, message }) => ({ code, message })) },
  };
}

type OutputJob = Parameters<typeof renderPictures>[1] & { readonly index: number };

async function renderOne(ports: Ports, job: OutputJob, context: JobContext): Promise<void> {
  const { payload, index } = job;
  const seed = payload.seed + index;
  const idea = await pictureIdea(ports, payload, seed);
  const from = await startingPicture(ports, payload);
  const { steps, guidance } = ports.imageMaker.defaults;
  const brief = { words: idea.words, style: payload.style, taste: idea.taste, seed, steps, guidance, from };
  const previews = previewer(ports, context, { index, count: payload.count, alt: altText(idea) });
  const { picture, used } = await ports.imageMaker.make(brief, context.signal, (progress) =>
    previews.show(progress),
  );
  await previews.settled();
  context.report((index + 0.9) / payload.count, 'publishing');
  const media = await ports.pictures.publishGenerated(picture, {
    alt: altText(idea),
    generator: ports.imageMaker.model,
  });
  const recipe: Recipe = {
    prompt: idea.words,
    seed,
    steps,
    guidance,
    width: picture.width,
    height: picture.height,
    style: payload.style,
    facets: idea.facets,
    ...(idea.nearest.length > 0 && { nearest: idea.nearest }),
    strength: from?.strength ?? null,
    provider: ports.imageMaker.name,
    model: typeof used['model'] === 'string' ? used['model'] : ports.imageMaker.model,
  };
  await publish(ports, { job, context, idea, media, recipe });
}

async function startingPicture(
  { stores, pictures }: Ports,
  { remixOf }: GeneratePicturesPayload,
): Promise<{ picture: RawPicture; strength: number } | null> {
  if (remixOf === null) return null;
  const [parent] = await stores.items.byIds([remixOf]);
  const hash = parent?.mediaHash ?? null;
  const picture = hash === null ? null : await pictures.decode(hash);
  if (picture === null)
    throw new DomainError('NOT_FOUND', 'remixOf: content with a picture was wanted, it has none any more');
  return { picture, strength: REMIX_STRENGTH };
}

/** Stores previews one at a time and drops those that come meanwhile, so that showing never slows the making. */
function previewer(
  ports: Ports,
  context: JobContext,
  { index, count, alt }: { index: number; count: number; alt: string },
) {
  let busy: Promise<void> | null = null;
  const store = async (picture: RawPicture, progress: number, stage: string) => {
    const media = await ports.pictures.publishPreview(picture, `Preview: ${alt}`);
    await ports.stores.media.save(media);
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
      busy = store(preview, overall, stage).finally(() => {
        busy = null;
      });
      busy.catch((error: unknown) => ports.log('preview-failed', { error }));
    },
    async settled(): Promise<void> {
      await busy;
    },
  };
}

/** Says what was asked for and that a machine made it; it never claims to have looked at the picture. */
function altText({ words }: PictureIdea): string {
  return `AI-made picture: ${words}`;
}

interface Finished {
  readonly job: OutputJob;
  readonly context: JobContext;
  readonly idea: PictureIdea;
  readonly media: Media;
  readonly recipe: Recipe;
}

/** Item, work, vector, gallery entry and job event: together, once per (job, index), and only by the attempt that holds the fence. */
async function publish(ports: Ports, { job, context, idea, media, recipe }: Finished): Promise<void> {
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
      ...(payload.style === null ? {} : { style: payload.style }),
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
    kind: payload.remixOf === null ? 'IMAGE' : 'VARIATION',
    recipe,
    recipeShared: false,
    parentId: payload.remixOf,
    basedOn: payload.basedOn,
    contentHash: media.hash,
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
