import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { migrate } from '../prisma/migrate.js';
import type { Config, ImageProviderConfig } from './config.js';
import { DatabaseAway } from './domain/errors.js';
import type { DemoWorld, ImageMaker, Log, Ports } from './flow/ports.js';
import { createLookalikes } from './flow/lookalikes.js';
import { createRankerPool } from './flow/ranker-pool.js';
import type { PublishedKey } from './flow/ports/manifest-keys.js';
import type { PictureTrainer } from './flow/ports/picture-trainer.js';
import type { RankerPool } from './flow/ranking-view.js';
import { idSeal } from './graphql/ids.js';
import type { WebhookCheck } from './http/receive-webhook.js';
import { onnxCompute } from './infra/compute/onnx-compute.js';
import { startRankingThread } from './infra/compute/ranking-thread.js';
import { openDatabase } from './infra/database/database.js';
import { openWakeups } from './infra/database/wakeups.js';
import { datasetReaders } from './infra/datasets/dataset-readers.js';
import { demoWorld } from './infra/demo/demo-world.js';
import { createLog } from './infra/log.js';
import { createWebhookSender } from './infra/net/webhook-sender.js';
import { createSharpPipeline } from './infra/pictures/sharp-pipeline.js';
import { isDatabaseAway } from './infra/postgres/database-away.js';
import { openPostgres } from './infra/postgres/open-postgres.js';
import { createEmbeddedEncoder } from './infra/providers/embeddings/embedded-encoder.js';
import { createImageTrainingFiles } from './infra/providers/images/image-training-files.js';
import { createLocalDiffusion } from './infra/providers/images/local-diffusion.js';
import { readImageModel } from './infra/providers/images/image-model-files.js';
import { createComfyMaker } from './infra/providers/images/comfyui.js';
import { createFailover } from './infra/providers/images/failover.js';
import { createOpenAiMaker } from './infra/providers/images/openai-images.js';
import { ReplicateModelChanges } from './infra/providers/images/replicate-models.js';
import { createReplicateTrainer } from './infra/providers/images/replicate-trainer.js';
import { createReplicateWebhooks } from './infra/providers/images/replicate-webhook.js';
import { createReplicateMaker } from './infra/providers/images/replicate.js';
import { openQueue, type OpenQueue } from './infra/queue/pg-boss-queue.js';
import { createDiskBlobs } from './infra/storage/disk-blobs.js';
import { createHttpSafetyChecker } from './infra/safety/http-safety-checker.js';
import { createManifestKeys, publishedKeys } from './infra/signing/manifest-keys.js';
import {
  keyText,
  localKeys,
  parseKeys,
  replaceLocalKeys,
  rotated,
  type StoredKey,
} from './infra/signing/stored-keys.js';
import { zipArchives } from './infra/storage/zip-archives.js';
import { localSecret } from './infra/storage/local-secret.js';
import { createReferenceShelf } from './infra/storage/reference-shelf.js';
import { createRenditionIndex } from './infra/storage/rendition-index.js';
import { createSignedUrls, type SignedUrls } from './infra/storage/signed-urls.js';
import { createReferenceUrls, type ReferenceUrls } from './infra/storage/reference-urls.js';
import { systemClock } from './infra/system-clock.js';
import { uuidIds } from './infra/uuid-ids.js';
import { idKey } from './server.js';

export interface Deps {
  readonly config: Config;
  readonly ports: Ports & { readonly rankers: RankerPool };
  readonly queue: OpenQueue;
  readonly mediaUrls: SignedUrls;
  readonly referenceUrls: ReferenceUrls;
  /** How to tell that a webhook comes from where it says, by provider. */
  readonly webhooks: Readonly<Record<string, WebhookCheck>>;
  readonly secret: string;
  /** A new key to sign manifests with, from the next start on; `setting` is what to set where the keys come from outside. */
  readonly rotateKeys: () => Promise<RotatedKeys>;
  readonly connectionString: string;
  readonly demo: DemoWorld;
  readonly migrated: readonly string[];
  /** Ends everything in the reverse order of its making; safe to call twice. */
  close(graceMs?: number): Promise<void>;
}

export interface RotatedKeys {
  readonly published: readonly PublishedKey[];
  readonly setting: string | null;
}

interface WireOptions {
  readonly onStatement?: (sql: string) => void;
}

/** Root of the installed project, from src/ as well as from dist/src/. */
export const PROJECT_ROOT = path
  .resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
  .replace(/[\\/]dist$/, '');

/** The weights that ship with the project. */
const IMAGE_MODEL = path.join(PROJECT_ROOT, 'assets', 'image-model');

/** The composition root: the only place that builds infrastructure. Throws DatabaseAway while the database cannot be reached. */
export async function wire(config: Config, { onStatement }: WireOptions = {}): Promise<Deps> {
  const log = createLog(config);
  const secret = config.secret ?? (await localSecret(config.home));
  const keys = config.signingKeys === null ? await localKeys(config.home) : parseKeys(config.signingKeys);
  const manifestKeys = createManifestKeys(keys);
  const closing: (() => Promise<void>)[] = [];
  const close = closer(closing);
  try {
    const postgres = await openPostgres({ home: config.home, databaseUrl: config.databaseUrl });
    closing.push(() => postgres.stop());
    const { connectionString } = postgres;
    const migrated = await migrate(connectionString);
    const store = await openStore({ connectionString, log, onStatement }, closing);
    const ports = buildPorts(config, { ...store, log, secret, manifestKeys }, closing);
    const { queue } = store;
    return {
      config,
      ports,
      queue,
      mediaUrls: createSignedUrls(secret),
      referenceUrls: createReferenceUrls(secret),
      webhooks: webhookChecks(config),
      secret,
      rotateKeys: () => rotateKeys(config, keys),
      connectionString,
      demo: demoWorld(config.demo),
      migrated,
      close,
    };
  } catch (error) {
    await close();
    throw isDatabaseAway(error) ? new DatabaseAway(error) : error;
  }
}

async function rotateKeys({ signingKeys, home }: Config, keys: readonly StoredKey[]): Promise<RotatedKeys> {
  const next = rotated(keys);
  if (signingKeys === null) await replaceLocalKeys(home, next);
  const setting = signingKeys === null ? null : next.map(keyText).join(',');
  return { published: publishedKeys(next), setting };
}

type Closing = (() => Promise<void>)[];

function closer(closing: Closing): Deps['close'] {
  let closed: Promise<void> | null = null;
  const run = async () => {
    for (const end of closing.reverse()) await end();
  };
  return () => (closed ??= run());
}

interface StoreOptions {
  readonly connectionString: string;
  readonly log: Log;
  readonly onStatement: ((sql: string) => void) | undefined;
}

async function openStore({ connectionString, log, onStatement }: StoreOptions, closing: Closing) {
  const queue = await openQueue({ connectionString, log });
  closing.push(() => queue.close());
  const wakeups = await openWakeups(connectionString);
  closing.push(() => wakeups.close());
  const listening = onStatement ? { onStatement } : {};
  const database = openDatabase({
    connectionString,
    ids: uuidIds(),
    clock: systemClock,
    queue,
    ...listening,
  });
  closing.push(() => database.close());
  return { queue, wakeups, stores: database.stores, transaction: database.transaction };
}

type Store = Awaited<ReturnType<typeof openStore>> &
  Pick<Ports, 'log' | 'manifestKeys'> & { readonly secret: string };

function buildPorts(
  config: Config,
  { stores, transaction, wakeups, log, secret, manifestKeys }: Store,
  closing: Closing,
): Deps['ports'] {
  const blobs = createDiskBlobs(path.join(config.home, 'blobs'));
  const publicIds = idSeal(idKey(secret));
  const renditions = createRenditionIndex(path.join(config.home, 'renditions'));
  const compute = onnxCompute(config.threads === null ? {} : { threads: config.threads });
  const text = createEmbeddedEncoder(compute);
  const pictures = createSharpPipeline({ blobs, renditions, keys: manifestKeys });
  const ports: Omit<Ports, 'rankers'> = {
    stores,
    transaction,
    wakeups,
    log,
    blobs,
    text,
    compute,
    rankingThread: (config.threads ?? availableParallelism()) > 1 ? startRankingThread : null,
    clock: systemClock,
    ids: uuidIds(),
    pictures,
    manifestKeys,
    lookalikes: createLookalikes({ stores, pictures }),
    archives: zipArchives,
    safety: config.safety === null ? null : createHttpSafetyChecker(config.safety),
    imageMaker: imageMaker(config, { compute, text, log }),
    pictureBudget: Math.round(1_000_000 * config.pictureBudget),
    references: createReferenceShelf(path.join(config.home, 'references')),
    webhookSender: createWebhookSender({
      allowLoopback: config.webhookLoopback,
      publicJobId: (id) => publicIds.seal('Job', id),
    }),
    imageTraining: createImageTrainingFiles(IMAGE_MODEL),
    pictureTrainer: pictureTrainer(config),
    datasets: datasetReaders,
  };
  const rankers = createRankerPool(ports);
  const stop = new AbortController();
  const watching = rankers.watch(stop.signal).catch((error: unknown) => log('ranker-watch-ended', { error }));
  closing.push(async () => {
    stop.abort();
    await watching;
  });
  return { ...ports, rankers };
}

type MakerParts = Pick<Ports, 'compute' | 'text' | 'log'>;

/** The providers in the order of the setting, as one maker that goes on to the next when one fails. */
function imageMaker({ images }: Config, parts: MakerParts): ImageMaker {
  const [first, ...others] = images.map((provider) => makerOf(provider, parts));
  if (first === undefined) throw new Error('VITRINE_IMAGE_PROVIDER: at least one provider was wanted');
  return createFailover([first, ...others], parts.log);
}

function makerOf(settings: ImageProviderConfig, { compute, text }: MakerParts): ImageMaker {
  switch (settings.provider) {
    case 'local':
      return createLocalDiffusion({ compute, text, load: () => readImageModel(IMAGE_MODEL) });
    case 'replicate':
      return createReplicateMaker({ ...settings, models: modelChanges(settings.models) });
    case 'comfyui':
      return createComfyMaker(settings);
    case 'openai':
      return createOpenAiMaker({ ...settings, price: Math.round(1_000_000 * settings.price) });
  }
}

function pictureTrainer({ images }: Config): PictureTrainer | null {
  const account = images.find((image) => image.provider === 'replicate');
  return account === undefined ? null : createReplicateTrainer(account);
}

function modelChanges(given: unknown): ReplicateModelChanges {
  const parsed = ReplicateModelChanges.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new Error(`Wrong settings:\n✖ REPLICATE_MODELS: ${z.prettifyError(parsed.error)}`);
}

function webhookChecks({ replicateWebhookSecrets: secrets }: Config): Deps['webhooks'] {
  return secrets.length === 0 ? {} : { replicate: createReplicateWebhooks(secrets) };
}
