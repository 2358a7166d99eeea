import type Replicate from 'replicate';
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '../../../domain/errors.js';
import { PICTURE_KINDS, type PictureKind } from '../../../domain/imaging/picture-kind.js';
import type {
  ImageMaker,
  PictureBrief,
  PictureOffer,
  PictureProgress,
  RunMemory,
} from '../../../flow/ports.js';
import { assertFitting } from './assert-fitting.js';
import { downloadPicture } from './download-picture.js';
import {
  asked,
  askedRun,
  isFinal,
  progressOf,
  replicateClient,
  ReplicateRun,
  unavailable,
  unsuccessful,
  type ReplicateAccount,
} from './replicate-client.js';
import { sendPictures } from './replicate-files.js';
import {
  inputFor,
  replicateModels,
  type ReplicateModel,
  type ReplicateModelChanges,
} from './replicate-models.js';

export interface ReplicateSettings extends ReplicateAccount {
  readonly models: ReplicateModelChanges;
  /** Where Replicate tells how a run goes; null: it is asked. */
  readonly webhook: string | null;
}

const NAME = 'replicate';
const CANCEL_TIMEOUT_MS = 5_000;
/** An abort is to be over in two seconds; after this the answer still cancels, but nobody waits for it. */
const LONGEST_LAST_WAIT_MS = 1_500;
const FIRST_POLL_MS = 250;
const LONGEST_POLL_MS = 2_000;
/** With a webhook only lost ones are found by asking: well under the minute that was promised. */
const POLL_BESIDE_WEBHOOK_MS = 20_000;

/** Pictures by models on Replicate. A run is begun once, followed by webhook and polling, and canceled when nobody wants it. */
export function createReplicateMaker(settings: ReplicateSettings): ImageMaker {
  const client = replicateClient(settings);
  const models = replicateModels(settings.models);
  const { model, steps, guidance } = models['text-to-image'];
  const versions = new Map<string, string>();
  return {
    name: NAME,
    model,
    defaults: { steps, guidance },
    offers: offersOf(models),
    async make(brief, signal, onProgress, memory = forgetful) {
      if (settings.token === '')
        throw unavailable(
          'pictures by Replicate need REPLICATE_API_TOKEN, which is not set; make one at replicate.com/account/api-tokens',
        );
      assertFitting(brief);
      signal.throwIfAborted();
      const row = models[brief.kind];
      const run = { client, row, brief, signal, onProgress, memory, webhook: settings.webhook, versions };
      onProgress({ progress: 0, stage: 'asking', preview: null });
      const { finished, input } = await runOf(run);
      onProgress({ progress: 0.95, stage: 'downloading', preview: null });
      const origin = new URL(settings.baseUrl).origin;
      const picture = await downloadPicture(addressOf(finished), origin, signal);
      onProgress({ progress: 1, stage: 'done', preview: null });
      const seconds = finished.metrics?.predict_time ?? null;
      const used = { model: row.model, predictionId: finished.id, ...input, seconds };
      return { picture, used, by: { provider: NAME, model: row.model, price: row.price } };
    },
  };
}

function offersOf(models: Readonly<Record<PictureKind, ReplicateModel>>): ImageMaker['offers'] {
  const offers = PICTURE_KINDS.map((kind): [PictureKind, PictureOffer] => [
    kind,
    { model: models[kind].model, price: models[kind].price },
  ]);
  return Object.fromEntries(offers);
}

interface Run {
  readonly client: Replicate;
  readonly row: ReplicateModel;
  readonly brief: PictureBrief;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: PictureProgress) => void;
  readonly memory: RunMemory;
  readonly webhook: string | null;
  /** Versions looked up, by model: the same one for as long as this process lives. */
  readonly versions: Map<string, string>;
}

/** Follows the run of an earlier attempt where there is one that came to something, else begins one. */
async function runOf(run: Run): Promise<{ finished: ReplicateRun; input: Record<string, unknown> }> {
  const { client, signal, memory, row, brief } = run;
  const plain = inputFor(row, brief, { from: null, references: [] });
  const earlier = await memory.earlier();
  if (earlier?.provider === NAME) {
    const known = await askedRun(client.predictions.get(earlier.runId, { signal }), signal);
    const finished = await finish(run, known);
    // an hour later the provider has deleted what was drawn: then it is drawn again
    const isStillThere = finished.status === 'succeeded' && finished.output !== null;
    if (isStillThere) return { finished, input: plain };
  }
  const pictures = await sendPictures(client, brief, signal);
  try {
    const finished = await finish(run, await begin(run, inputFor(row, brief, pictures)));
    return { finished, input: plain };
  } finally {
    await pictures.remove();
  }
}

async function begin(run: Run, input: Record<string, unknown>): Promise<ReplicateRun> {
  const { client, signal, webhook, memory } = run;
  const told = webhook === null ? {} : { webhook, webhook_events_filter: [...WEBHOOK_EVENTS] };
  const reference = await referenceOf(run);
  const creating = client.predictions.create({ ...reference, ...told, input });
  try {
    const created = await askedRun(creating, signal);
    await memory.started(NAME, created.id);
    return created;
  } catch (error) {
    if (signal.aborted) await cancelWhenBegun(client, creating);
    throw error;
  }
}

/** Aborted while the request was under way: it may have arrived, so it is not dropped but answered, and then canceled. */
async function cancelWhenBegun(client: Replicate, creating: Promise<{ id: string }>): Promise<void> {
  const canceled = creating.then(
    ({ id }) => cancel(client, id),
    () => undefined,
  );
  await Promise.race([canceled, sleep(LONGEST_LAST_WAIT_MS, undefined, { ref: false })]);
}

const WEBHOOK_EVENTS = ['start', 'output', 'logs', 'completed'] as const;

async function referenceOf({
  client,
  row,
  signal,
  versions,
}: Run): Promise<{ model: string } | { version: string }> {
  const [name = row.model, named] = row.model.split(':');
  const version = named ?? versions.get(name);
  if (version !== undefined) return { version };
  if (row.official) return { model: name };
  const [owner = '', title = ''] = name.split('/');
  const newest = (await asked(client.models.get(owner, title, { signal }), signal)).latest_version?.id;
  if (newest === undefined) throw unavailable(`a version of ${name} was wanted from Replicate, it has none`);
  versions.set(name, newest);
  return { version: newest };
}

async function finish(run: Run, begun: ReplicateRun): Promise<ReplicateRun> {
  const { client, signal, onProgress, memory, webhook } = run;
  let now = begun;
  try {
    for (let wait = FIRST_POLL_MS; !isFinal(now); wait = Math.min(LONGEST_POLL_MS, wait * 1.5)) {
      const waitMs = webhook === null ? wait : POLL_BESIDE_WEBHOOK_MS;
      const news = ReplicateRun.safeParse(await memory.news(NAME, begun.id, waitMs, signal));
      signal.throwIfAborted();
      now = news.success ? news.data : await askedRun(client.predictions.get(begun.id, { signal }), signal);
      onProgress({ progress: progressOf(now), stage: stageOf(now), preview: null });
    }
  } catch (error) {
    await cancel(client, begun.id);
    throw error;
  }
  return now;
}

/** Stops the billing. When even this fails the prediction ends by its own limit, and the first failure is the one to tell. */
async function cancel(client: Replicate, id: string): Promise<void> {
  await client.predictions.cancel(id, { signal: AbortSignal.timeout(CANCEL_TIMEOUT_MS) }).catch(() => null);
}

/** For who asks for one picture and is not called back. */
const forgetful: RunMemory = {
  earlier: () => Promise.resolve(null),
  started: () => Promise.resolve(),
  async news(_provider, _runId, waitMs, signal) {
    await sleep(waitMs, undefined, { signal });
    return null;
  },
};

function stageOf({ status }: ReplicateRun): string {
  return status === 'starting' ? 'waiting for a machine' : 'drawing';
}

function addressOf(run: ReplicateRun): string {
  if (run.status !== 'succeeded') throw unsuccessful(run);
  const output: unknown = Array.isArray(run.output) ? run.output[0] : run.output;
  if (typeof output === 'string') return output;
  throw new DomainError(
    'PROVIDER_UNAVAILABLE',
    'the address of a picture was wanted from Replicate, got none',
    {
      provider: NAME,
    },
  );
}
