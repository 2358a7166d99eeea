import { createHash, createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { readBody, readForm } from './read-form.js';

/** How the next runs go; everything else is as at the real service. */
export type Scenario =
  | 'fine'
  | 'slow'
  | 'failing'
  | 'canceled'
  | 'unsafe'
  | 'garbage'
  | 'truncated'
  | 'no output'
  | 'lost output'
  | 'drops the request'
  | 'drops one poll'
  | 'never answers'
  | 'server error'
  | 'rate limit'
  | 'strange reply'
  /** Ends by itself, and tells the webhook about start, output, logs and completion. */
  | 'calls back'
  /** Ends by itself, and its webhooks get lost. */
  | 'calls are lost';

interface Run {
  readonly id: string;
  readonly kind: 'predictions' | 'trainings';
  readonly scenario: Scenario;
  readonly input: Readonly<Record<string, unknown>>;
  readonly webhook: string | null;
  /** Of the input and the files in it: the same input gives the same picture. */
  readonly look: string;
  polls: number;
  status: 'starting' | 'processing' | 'succeeded' | 'failed' | 'canceled';
}

export interface ReplicateServer {
  readonly baseUrl: string;
  scenario: Scenario;
  /** Requests by method and path, in order. */
  readonly requests: string[];
  readonly predictions: ReadonlyMap<
    string,
    { readonly status: string; readonly prompt: string; readonly input: Readonly<Record<string, unknown>> }
  >;
  readonly trainings: ReadonlyMap<string, { readonly status: string }>;
  /** Uploaded and not deleted, by id. */
  readonly files: ReadonlyMap<string, Buffer>;
  close(): Promise<void>;
}

interface State {
  readonly runs: Map<string, Run & { prompt: string }>;
  readonly files: Map<string, Buffer>;
  readonly webhookSecret: string;
}

export const REPLICATE_TEST_TOKEN = 'r8_test';
const VERSION = 'f'.repeat(64);

/** A local server that speaks Replicate's HTTP interface: predictions, trainings, files, models, output files and webhooks. */
export async function startReplicateServer({ webhookSecret = 'whsec_AAAA' } = {}): Promise<ReplicateServer> {
  const state: State = { runs: new Map(), files: new Map(), webhookSecret };
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
    answer({ request, response, ...state, scenario: handle.scenario, origin }).catch((error: unknown) => {
      response.destroy(error as Error);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ofKind = (kind: Run['kind']) => new Map([...state.runs].filter(([, run]) => run.kind === kind));
  const handle: ReplicateServer = {
    baseUrl: `${origin}/v1`,
    scenario: 'fine',
    requests,
    get predictions() {
      return ofKind('predictions');
    },
    get trainings() {
      return ofKind('trainings');
    },
    files: state.files,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return handle;
}

interface Exchange extends State {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly scenario: Scenario;
  readonly origin: string;
}

async function answer(exchange: Exchange): Promise<void> {
  const { request, runs } = exchange;
  const path = new URL(request.url ?? '/', exchange.origin).pathname;
  const file = /^\/files\/(\w+)\.png$/.exec(path)?.[1];
  if (file !== undefined) await sendFile(exchange, runs.get(file));
  else if (request.headers.authorization !== `Bearer ${REPLICATE_TEST_TOKEN}`) {
    send(exchange, 401, {
      title: 'Unauthenticated',
      detail: 'You did not pass a valid authentication token',
    });
  } else await afterSignIn(exchange, path);
}

async function afterSignIn(exchange: Exchange, path: string): Promise<void> {
  const isPost = exchange.request.method === 'POST';
  if (/^\/v1\/files(\/|$)/.test(path)) await files(exchange, path);
  else if (isPost && path.endsWith('/predictions')) await create(exchange, 'predictions');
  else if (isPost && path.endsWith('/trainings')) await create(exchange, 'trainings');
  else if (/^\/v1\/models\/[^/]+\/[^/]+$/.test(path))
    send(exchange, 200, { latest_version: { id: VERSION } });
  else existing(exchange, path);
}

async function files(exchange: Exchange, path: string): Promise<void> {
  const { request, origin } = exchange;
  const [, id = ''] = /^\/v1\/files\/(\w+)$/.exec(path) ?? [];
  if (request.method === 'DELETE') {
    send(exchange, exchange.files.delete(id) ? 204 : 404, undefined);
    return;
  }
  const content = (await readForm(request)).find(({ name }) => name === 'content');
  if (content === undefined) {
    send(exchange, 400, { detail: 'content is required' });
    return;
  }
  const { bytes, type } = content;
  const made = randomUUID().replaceAll('-', '');
  exchange.files.set(made, bytes);
  send(exchange, 201, {
    ...{ id: made, content_type: type, size: bytes.length, metadata: {} },
    checksums: { sha256: createHash('sha256').update(bytes).digest('hex') },
    urls: { get: `${origin}/v1/files/${made}` },
  });
}

function existing(exchange: Exchange, path: string): void {
  const [, id = '', cancel] = /^\/v1\/(?:predictions|trainings)\/(\w+)(\/cancel)?$/.exec(path) ?? [];
  const run = exchange.runs.get(id);
  if (!run) send(exchange, 404, { detail: 'Not found' });
  else if (cancel === undefined) poll(exchange, run);
  else {
    if (run.status === 'starting' || run.status === 'processing') run.status = 'canceled';
    send(exchange, 200, shown(exchange, run));
  }
}

interface CreateBody {
  readonly input?: Record<string, unknown>;
  readonly webhook?: string;
  readonly destination?: string;
}

async function create(exchange: Exchange, kind: Run['kind']): Promise<void> {
  const { request, response, runs, scenario } = exchange;
  const body = JSON.parse((await readBody(request)).toString('utf8')) as CreateBody;
  const problem = problemOf(exchange, body, kind);
  if (problem !== null) send(exchange, 422, { detail: problem });
  else if (scenario === 'rate limit')
    send(exchange, 429, { detail: 'Request was throttled' }, { 'retry-after': '3600' });
  else if (scenario === 'server error') send(exchange, 500, { detail: 'oh no' });
  else if (scenario === 'never answers') return;
  else {
    const run = begun(exchange, body, kind);
    runs.set(run.id, run);
    if (scenario === 'drops the request') response.destroy();
    else send(exchange, 201, scenario === 'strange reply' ? { hello: 'world' } : shown(exchange, run));
    if (scenario === 'calls back' || scenario === 'calls are lost') void goOn(exchange, run);
  }
}

function problemOf(
  { files: held, origin }: Exchange,
  { input = {}, destination }: CreateBody,
  kind: Run['kind'],
) {
  if (kind === 'trainings') return destination === undefined ? 'destination is required' : null;
  const texts = Object.values(input).filter((value): value is string => typeof value === 'string');
  const addresses = texts.filter((value) => /^(https?|data):/.test(value));
  const isHeld = (url: string) => held.has(url.replace(`${origin}/v1/files/`, ''));
  if (addresses.some((url) => !isHeld(url))) return 'an input file could not be fetched';
  if (addresses.length === 0 && typeof input['prompt'] !== 'string') return 'input.prompt is required';
  return null;
}

function begun(exchange: Exchange, { input = {}, webhook }: CreateBody, kind: Run['kind']) {
  const { runs, files: held, scenario, origin } = exchange;
  const { prompt = '' } = input;
  const look = createHash('sha256');
  for (const [name, value] of Object.entries(input)) {
    const file = held.get(String(value).replace(`${origin}/v1/files/`, ''));
    look.update(name).update(file ?? String(value));
  }
  const id = createHash('sha256').update(`${runs.size}/${randomUUID()}`).digest('hex').slice(0, 24);
  const status = 'starting' as Run['status'];
  const fixed = { id, kind, scenario, input, webhook: webhook ?? null, look: look.digest('hex') };
  return { ...fixed, prompt: prompt as string, polls: 0, status };
}

/** Start, output, logs, completed, as the service tells them; each about the whole run as it then is. */
async function goOn(exchange: Exchange, run: Run): Promise<void> {
  for (const status of ['processing', 'processing', 'processing', 'succeeded'] as const) {
    await sleep(30);
    if (run.status === 'canceled') return;
    run.status = status;
    run.polls += 1;
    if (run.webhook !== null && run.scenario === 'calls back') await callBack(exchange, run, run.webhook);
  }
}

async function callBack(exchange: Exchange, run: Run, webhook: string): Promise<void> {
  const body = JSON.stringify(shown(exchange, run));
  const headers = signedHeaders(exchange.webhookSecret, body);
  await fetch(webhook, { method: 'POST', body, headers }).then((reply) => reply.body?.cancel());
}

/** What a sender of Standard Webhooks puts beside the body. */
export function signedHeaders(
  secret: string,
  body: string | Buffer,
  { id = `msg_${randomUUID()}`, at = new Date() } = {},
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}

const BY_ITSELF: ReadonlySet<Scenario> = new Set(['calls back', 'calls are lost']);

function poll(exchange: Exchange, run: Run): void {
  const { scenario } = run;
  if (!BY_ITSELF.has(scenario)) run.polls += 1;
  if (scenario === 'drops one poll' && run.polls === 1) {
    exchange.response.destroy();
    return;
  }
  if (BY_ITSELF.has(scenario)) send(exchange, 200, shown(exchange, run));
  else {
    if (run.status === 'starting') run.status = 'processing';
    else if (run.status === 'processing' && scenario !== 'slow') run.status = endOf(scenario);
    send(exchange, 200, shown(exchange, run));
  }
}

function endOf(scenario: Scenario): Run['status'] {
  if (scenario === 'failing' || scenario === 'unsafe') return 'failed';
  return scenario === 'canceled' ? 'canceled' : 'succeeded';
}

function shown({ origin }: Exchange, { id, kind, scenario, status, polls, input }: Run) {
  const ended = status === 'succeeded' || status === 'failed';
  const failure =
    scenario === 'unsafe' ? 'NSFW content detected. Try a different prompt.' : 'CUDA out of memory';
  const picture = scenario === 'no output' ? null : [`${origin}/files/${id}.png`];
  const output =
    kind === 'trainings' ? { version: `team/style:${VERSION}`, weights: 'https://w/1.tar' } : picture;
  return {
    id,
    model: 'maker/model',
    version: 'hidden',
    input,
    status,
    logs: status === 'starting' ? '' : `Using seed\n ${Math.min(100, polls * 40)}%|####  |`,
    output: status === 'succeeded' ? output : null,
    error: status === 'failed' ? failure : null,
    metrics: ended ? { predict_time: 0.4 } : {},
    urls: { get: `${origin}/v1/${kind}/${id}`, cancel: `${origin}/v1/${kind}/${id}/cancel` },
    data_removed: false,
    source: 'api',
    created_at: '2026-01-01T00:00:00.000Z',
  };
}

async function sendFile(exchange: Exchange, run: Run | undefined): Promise<void> {
  const { response } = exchange;
  if (!run || run.scenario === 'lost output') {
    send(exchange, 404, { detail: 'expired' });
    return;
  }
  const whole = run.scenario === 'garbage' ? Buffer.from('<html>sorry</html>') : await pictureOf(run);
  const bytes = run.scenario === 'truncated' ? whole.subarray(0, whole.length / 2) : whole;
  response.writeHead(200, { 'content-type': 'image/png', 'content-length': bytes.length }).end(bytes);
}

/** A picture that the input decides. */
async function pictureOf({ look }: Run): Promise<Buffer> {
  const [r = 0, g = 0, b = 0] = Buffer.from(look, 'hex');
  return sharp({ create: { width: 64, height: 64, channels: 3, background: { r, g, b } } })
    .png()
    .toBuffer();
}

function send(
  { response }: Exchange,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
