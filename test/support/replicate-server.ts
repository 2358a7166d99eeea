import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';

/** How the next predictions go; everything else is as at the real service. */
export type Scenario =
  | 'fine'
  | 'slow'
  | 'failing'
  | 'canceled'
  | 'unsafe'
  | 'garbage'
  | 'no output'
  | 'lost output'
  | 'drops the request'
  | 'drops one poll'
  | 'rate limit'
  | 'strange reply';

interface Prediction {
  readonly id: string;
  readonly scenario: Scenario;
  readonly seed: number;
  readonly prompt: string;
  polls: number;
  status: 'starting' | 'processing' | 'succeeded' | 'failed' | 'canceled';
}

export interface ReplicateServer {
  readonly baseUrl: string;
  scenario: Scenario;
  /** Requests by method and path, in order. */
  readonly requests: string[];
  readonly predictions: ReadonlyMap<string, { readonly status: string; readonly prompt: string }>;
  close(): Promise<void>;
}

export const REPLICATE_TEST_TOKEN = 'r8_test';

/** A local server that speaks Replicate's HTTP interface: predictions with create, get, cancel, and their output files. */
export async function startReplicateServer(): Promise<ReplicateServer> {
  const predictions = new Map<string, Prediction>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
    answer({ request, response, predictions, scenario: handle.scenario, origin }).catch((error: unknown) => {
      response.destroy(error as Error);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const handle: ReplicateServer = {
    baseUrl: `${origin}/v1`,
    scenario: 'fine',
    requests,
    predictions,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return handle;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly predictions: Map<string, Prediction>;
  readonly scenario: Scenario;
  readonly origin: string;
}

async function answer(exchange: Exchange): Promise<void> {
  const { request, predictions } = exchange;
  const path = new URL(request.url ?? '/', exchange.origin).pathname;
  const file = /^\/files\/(\w+)\.png$/.exec(path)?.[1];
  if (file !== undefined) await sendFile(exchange, predictions.get(file));
  else if (request.headers.authorization !== `Bearer ${REPLICATE_TEST_TOKEN}`) {
    send(exchange, 401, {
      title: 'Unauthenticated',
      detail: 'You did not pass a valid authentication token',
    });
  } else if (request.method === 'POST' && path.endsWith('/predictions')) await create(exchange);
  else existing(exchange, path);
}

function existing(exchange: Exchange, path: string): void {
  const [, id = '', cancel] = /^\/v1\/predictions\/(\w+)(\/cancel)?$/.exec(path) ?? [];
  const prediction = exchange.predictions.get(id);
  if (!prediction) send(exchange, 404, { detail: 'Not found' });
  else if (cancel === undefined) poll(exchange, prediction);
  else {
    if (prediction.status === 'starting' || prediction.status === 'processing')
      prediction.status = 'canceled';
    send(exchange, 200, shown(exchange, prediction));
  }
}

async function create(exchange: Exchange): Promise<void> {
  const { request, response, predictions, scenario } = exchange;
  const body = JSON.parse(await text(request)) as { input?: { prompt?: unknown; seed?: unknown } };
  const { prompt, seed } = body.input ?? {};
  if (typeof prompt !== 'string') {
    send(exchange, 422, { detail: 'input.prompt is required' });
    return;
  }
  if (scenario === 'rate limit') {
    send(exchange, 429, { detail: 'Request was throttled' }, { 'retry-after': '3600' });
    return;
  }
  const id = createHash('sha256').update(`${predictions.size}/${prompt}`).digest('hex').slice(0, 24);
  const prediction: Prediction = {
    id,
    scenario,
    seed: Number(seed ?? 0),
    prompt,
    polls: 0,
    status: 'starting',
  };
  predictions.set(id, prediction);
  if (scenario === 'drops the request') response.destroy();
  else send(exchange, 201, scenario === 'strange reply' ? { hello: 'world' } : shown(exchange, prediction));
}

function poll(exchange: Exchange, prediction: Prediction): void {
  const { scenario } = prediction;
  prediction.polls += 1;
  if (scenario === 'drops one poll' && prediction.polls === 1) {
    exchange.response.destroy();
    return;
  }
  if (prediction.status === 'starting') prediction.status = 'processing';
  else if (prediction.status === 'processing' && scenario !== 'slow') prediction.status = endOf(scenario);
  send(exchange, 200, shown(exchange, prediction));
}

function endOf(scenario: Scenario): Prediction['status'] {
  if (scenario === 'failing' || scenario === 'unsafe') return 'failed';
  return scenario === 'canceled' ? 'canceled' : 'succeeded';
}

function shown({ origin }: Exchange, { id, scenario, status, polls, seed, prompt }: Prediction) {
  const ended = status === 'succeeded' || status === 'failed';
  const failure =
    scenario === 'unsafe' ? 'NSFW content detected. Try a different prompt.' : 'CUDA out of memory';
  return {
    id,
    model: 'maker/model',
    version: 'hidden',
    input: { prompt, seed },
    status,
    logs: status === 'starting' ? '' : `Using seed: ${seed}\n ${Math.min(100, polls * 40)}%|####  |`,
    output: status === 'succeeded' && scenario !== 'no output' ? [`${origin}/files/${id}.png`] : null,
    error: status === 'failed' ? failure : null,
    metrics: ended ? { predict_time: 0.4 } : {},
    urls: { get: `${origin}/v1/predictions/${id}`, cancel: `${origin}/v1/predictions/${id}/cancel` },
    data_removed: false,
    source: 'api',
    created_at: '2026-01-01T00:00:00.000Z',
  };
}

async function sendFile(exchange: Exchange, prediction: Prediction | undefined): Promise<void> {
  const { response } = exchange;
  if (!prediction || prediction.scenario === 'lost output') {
    send(exchange, 404, { detail: 'expired' });
    return;
  }
  const bytes =
    prediction.scenario === 'garbage' ? Buffer.from('<html>sorry</html>') : await pictureOf(prediction);
  response.writeHead(200, { 'content-type': 'image/png', 'content-length': bytes.length }).end(bytes);
}

/** A picture that the seed decides. */
async function pictureOf({ seed, prompt }: Prediction): Promise<Buffer> {
  const [r = 0, g = 0, b = 0] = createHash('sha256').update(`${seed}/${prompt}`).digest();
  return sharp({ create: { width: 64, height: 64, channels: 3, background: { r, g, b } } })
    .png()
    .toBuffer();
}

async function text(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function send(
  { response }: Exchange,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
