import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ImageMaker, Log, Ports, TextEncoder as Encoder } from '../../src/flow/ports.js';
import { createRankerPool } from '../../src/flow/ranker-pool.js';
import { onnxCompute } from '../../src/infra/compute/onnx-compute.js';
import { openDatabase } from '../../src/infra/database/database.js';
import { openWakeups } from '../../src/infra/database/wakeups.js';
import { createSharpPipeline } from '../../src/infra/pictures/sharp-pipeline.js';
import { openQueue } from '../../src/infra/queue/pg-boss-queue.js';
import { createDiskBlobs } from '../../src/infra/storage/disk-blobs.js';
import { createRenditionIndex } from '../../src/infra/storage/rendition-index.js';
import { createManifestKeys } from '../../src/infra/signing/manifest-keys.js';
import { newKey } from '../../src/infra/signing/stored-keys.js';
import { systemClock } from '../../src/infra/system-clock.js';
import { uuidIds } from '../../src/infra/uuid-ids.js';

/** A brief with this word fails each time, as a bug would. */
export const POISON = 'poison';

/** The real database, queue, storage and picture pipeline; only words and pictures come from something that costs no time. */
export async function chaosPorts({
  connectionString,
  home,
  log,
}: {
  readonly connectionString: string;
  readonly home: string;
  readonly log: Log;
}) {
  const queue = await openQueue({ connectionString, log });
  const wakeups = await openWakeups(connectionString);
  const ids = uuidIds();
  const database = openDatabase({ connectionString, ids, clock: systemClock, queue });
  const { stores, transaction } = database;
  const blobs = createDiskBlobs(join(home, 'blobs'));
  const pictures = createSharpPipeline({
    blobs,
    renditions: createRenditionIndex(join(home, 'renditions')),
    keys: createManifestKeys([newKey()]),
  });
  const base = {
    ...{ stores, transaction, clock: systemClock, ids, blobs, wakeups, pictures, log },
    ...{ text: flatText, imageMaker: slowGreys, compute: onnxCompute({ threads: 1 }) },
    safety: null,
    pictureBudget: Number.MAX_SAFE_INTEGER,
  } as unknown as Ports;
  const rankers = createRankerPool(base);
  const close = async (): Promise<void> => {
    await wakeups.close();
    await database.close();
    await queue.close();
  };
  return { ports: { ...base, rankers }, rankers, queue, close };
}

/** Texts that all mean the same. */
const flatText: Encoder = {
  name: 'flat',
  dimensions: 2,
  encode: (texts) => Promise.resolve(texts.map(() => Float32Array.of(1, 0))),
};

/** In millionths of a dollar: something, so that double charges can be seen. */
const PRICE = 1000;
const GREY = { model: 'grey', price: PRICE } as const;

/** A picture takes 100 to 300 ms: long enough to be hit inside. */
const slowGreys: ImageMaker = {
  name: 'test',
  model: 'grey',
  defaults: { steps: 2, guidance: 1 },
  offers: { 'text-to-image': GREY },
  async make({ seed, words }, signal, onProgress) {
    const data = new Uint8Array(64 * 64 * 3).fill(seed % 256);
    const picture = { width: 64, height: 64, channels: 3 as const, data };
    await sleep(50 + (seed % 100), undefined, { signal });
    if (words.includes(POISON)) throw new Error('poison');
    onProgress({ progress: 0.5, stage: 'drawing', preview: picture });
    await sleep(50 + (seed % 100), undefined, { signal });
    return { picture, used: {}, by: { provider: 'test', ...GREY } };
  },
};
