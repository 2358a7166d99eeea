import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type Client } from 'graphql-ws';
import WebSocket from 'ws';
import type { ImageMaker, Ports, TextEncoder as Encoder } from '../../src/flow/ports.js';
import { createLookalikes } from '../../src/flow/lookalikes.js';
import { createRankerPool } from '../../src/flow/ranker-pool.js';
import { idSeal } from '../../src/graphql/ids.js';
import type { Limits } from '../../src/graphql/limits.js';
import { onnxCompute } from '../../src/infra/compute/onnx-compute.js';
import { openWakeups } from '../../src/infra/database/wakeups.js';
import { createWebhookSender } from '../../src/infra/net/webhook-sender.js';
import { createSharpPipeline } from '../../src/infra/pictures/sharp-pipeline.js';
import { createDiskBlobs } from '../../src/infra/storage/disk-blobs.js';
import { createRenditionIndex } from '../../src/infra/storage/rendition-index.js';
import { createManifestKeys } from '../../src/infra/signing/manifest-keys.js';
import { newKey } from '../../src/infra/signing/stored-keys.js';
import { zipArchives } from '../../src/infra/storage/zip-archives.js';
import { createReplicateWebhooks } from '../../src/infra/providers/images/replicate-webhook.js';
import { createReferenceShelf } from '../../src/infra/storage/reference-shelf.js';
import { createSignedUrls } from '../../src/infra/storage/signed-urls.js';
import { createReferenceUrls } from '../../src/infra/storage/reference-urls.js';
import { systemClock } from '../../src/infra/system-clock.js';
import { uuidIds } from '../../src/infra/uuid-ids.js';
import { idKey, startServer } from '../../src/server.js';
import type { Answers } from './answers.js';
import { withDatabase, type TestDatabase } from './test-database.js';

/** Signs tokens and ids in tests. */
export const SECRET = 'a secret that only the tests of this project know';

/** Signs webhooks in tests. */
export const WEBHOOK_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

export interface Reply<Data> {
  readonly status: number;
  readonly headers: Headers;
  readonly data: Data;
  readonly errors: { message: string; extensions: { code: string } }[] | undefined;
}

export interface TestApi {
  readonly url: string;
  /** Where pictures (`blobs`), renditions and references are stored. */
  readonly home: string;
  readonly database: TestDatabase;
  readonly ports: Ports;
  readonly logged: { event: string; fields: unknown }[];
  /** Sends an operation of schema/operations by its name. */
  send<N extends keyof Answers>(
    name: N,
    variables?: object,
    headers?: Record<string, string>,
  ): Promise<Reply<Answers[N]>>;
  /** Sends any document. */
  query(document: string, headers?: Record<string, string>): Promise<Reply<unknown>>;
  /** A subscriber, closed after the tests. */
  subscriber(connectionParams: Record<string, string>): Client;
}

const OPERATIONS = readdirSync('schema/operations').map((name) =>
  readFileSync(`schema/operations/${name}`, 'utf8'),
);
const FRAGMENTS = readFileSync('schema/operations/Fragments.graphql', 'utf8');

/** Call it at the top of a test file: the real server on a real Postgres, with parts that no test here runs left out. */
export function withApi(
  options: { development?: boolean; limits?: Partial<Limits>; imageMaker?: ImageMaker } = {},
): TestApi {
  const database = withDatabase();
  const holder: { api?: TestApi } = {};
  const closing: (() => unknown)[] = [];
  beforeAll(async () => {
    const home = mkdtempSync(join(tmpdir(), 'vitrine-api-'));
    writeFileSync(join(home, 'index.html'), '<title>page</title>');
    writeFileSync(join(home, 'graphiql.html'), '<title>explorer</title>');
    closing.push(() => rmSync(home, { recursive: true, force: true }));
    holder.api = await open(database, { home, closing, ...options });
  });
  afterAll(async () => {
    for (const close of closing.reverse()) await close();
  });
  return new Proxy({} as TestApi, {
    get: (_, key) => {
      if (holder.api === undefined) throw new Error('the server runs only inside tests');
      return Reflect.get(holder.api, key) as unknown;
    },
  });
}

type Opening = Parameters<typeof withApi>[0] & { home: string; closing: (() => unknown)[] };

async function open(
  database: TestDatabase,
  { home, closing, development = true, limits = {}, ...options }: Opening,
): Promise<TestApi> {
  const logged: TestApi['logged'] = [];
  const wakeups = await openWakeups(database.connectionString);
  closing.push(() => wakeups.close());
  const blobs = createDiskBlobs(join(home, 'blobs'));
  const manifestKeys = createManifestKeys([newKey()]);
  const pictures = createSharpPipeline({
    blobs,
    renditions: createRenditionIndex(join(home, 'renditions')),
    keys: manifestKeys,
  });
  const base = {
    stores: database.stores,
    transaction: database.transaction,
    clock: systemClock,
    ids: uuidIds(),
    blobs,
    wakeups,
    pictures,
    manifestKeys,
    lookalikes: createLookalikes({ stores: database.stores, pictures }),
    archives: zipArchives,
    text: flatText,
    imageMaker: options.imageMaker ?? greyPictures,
    safety: null,
    pictureTrainer: null,
    pictureBudget: 1_000_000,
    references: createReferenceShelf(join(home, 'references')),
    webhookSender: createWebhookSender({
      allowLoopback: true,
      publicJobId: (id) => idSeal(idKey(SECRET)).seal('Job', id),
    }),
    log: (event: string, fields?: unknown) => void logged.push({ event, fields }),
    compute: onnxCompute({ threads: 1 }),
  } as unknown as Ports;
  const rankers = createRankerPool(base);
  const ports = { ...base, rankers };
  const server = await startServer(
    {
      ports,
      rankers,
      media: createSignedUrls(SECRET),
      references: createReferenceUrls(SECRET),
      webhooks: { replicate: createReplicateWebhooks([WEBHOOK_SECRET]) },
      secret: SECRET,
      development,
      limits,
    },
    { port: 0, webRoot: home },
  );
  closing.push(() => server.close());
  return {
    url: server.url,
    home,
    database,
    ports,
    logged,
    send: async (name, variables, headers) =>
      (await post(server.url, { query: document(name), variables }, headers)) as Reply<Answers[typeof name]>,
    query: (text, headers) => post(server.url, { query: text }, headers),
    subscriber(connectionParams) {
      const url = `${server.url.replace('http', 'ws')}/graphql`;
      const client = createClient({ url, webSocketImpl: WebSocket, connectionParams, retryAttempts: 0 });
      closing.push(() => client.dispose());
      return client;
    },
  };
}

/** Texts that all mean the same. */
const flatText: Encoder = {
  name: 'flat',
  dimensions: 2,
  encode: (texts) => Promise.resolve(texts.map(() => Float32Array.of(1, 0))),
};

const GREY = { model: 'grey', price: 0 };

/** Grey pictures whose shade is their seed, with a preview half-way. */
const greyPictures: ImageMaker = {
  name: 'test',
  model: 'grey',
  defaults: { steps: 2, guidance: 1 },
  offers: { 'text-to-image': GREY, 'image-to-image': GREY },
  make({ seed }, _signal, onProgress) {
    const picture = {
      width: 64,
      height: 64,
      channels: 3 as const,
      data: new Uint8Array(64 * 64 * 3).fill(seed % 256),
    };
    onProgress({ progress: 0.5, stage: 'drawing', preview: picture });
    return Promise.resolve({ picture, used: {}, by: { provider: 'test', ...GREY } });
  },
};

/** The text to send for an operation of schema/operations: it with the fragments it uses. */
export function document(name: string): string {
  const own = OPERATIONS.find((text) => new RegExp(`^(query|mutation|subscription) ${name}\\b`).test(text));
  if (own === undefined) throw new Error(`no operation is named ${name}`);
  const used = new Map<string, string>();
  const collect = (text: string): void => {
    for (const [, fragment = ''] of text.matchAll(/\.\.\.([A-Z]\w+)/g)) {
      if (used.has(fragment)) continue;
      const body = new RegExp(`fragment ${fragment} on [^]*?\\n}\\n`).exec(FRAGMENTS)?.[0] ?? '';
      used.set(fragment, body);
      collect(body);
    }
  };
  collect(own);
  return [own, ...used.values()].join('\n');
}

async function post(
  url: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<Reply<unknown>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const { data, errors } = (await response.json()) as Pick<Reply<unknown>, 'data' | 'errors'>;
  return { status: response.status, headers: response.headers, data, errors };
}
