import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { readBody, readForm } from './read-form.js';
import { WebSocketServer, type WebSocket } from 'ws';

/** How the next prompts go; everything else is as at ComfyUI. */
export type ComfyScenario =
  'fine' | 'slow' | 'failing' | 'garbage' | 'no output' | 'server error' | 'without socket';

interface Prompt {
  readonly id: string;
  readonly number: number;
  readonly clientId: string;
  readonly graph: Graph;
  readonly scenario: ComfyScenario;
  state: 'waiting' | 'running' | 'done' | 'interrupted';
}
type Graph = Readonly<
  Record<string, { readonly class_type: string; readonly inputs: Readonly<Record<string, unknown>> }>
>;

export interface ComfyServer {
  readonly baseUrl: string;
  scenario: ComfyScenario;
  /** Requests by method and path, in order. */
  readonly requests: string[];
  readonly prompts: ReadonlyMap<string, { readonly state: string; readonly graph: Graph }>;
  close(): Promise<void>;
}

/** Nodes of every ComfyUI that the workflows use, with the inputs that each must have. */
const NODES: Readonly<Record<string, readonly string[]>> = {
  CheckpointLoaderSimple: ['ckpt_name'],
  CLIPTextEncode: ['text', 'clip'],
  EmptyLatentImage: ['width', 'height', 'batch_size'],
  LoadImage: ['image'],
  VAEEncode: ['pixels', 'vae'],
  KSampler: [
    'model',
    'positive',
    'negative',
    'latent_image',
    'seed',
    'steps',
    'cfg',
    'sampler_name',
    'scheduler',
    'denoise',
  ],
  VAEDecode: ['samples', 'vae'],
  UpscaleModelLoader: ['model_name'],
  ImageUpscaleWithModel: ['upscale_model', 'image'],
  SaveImage: ['images', 'filename_prefix'],
};

interface State {
  readonly prompts: Map<string, Prompt>;
  readonly uploads: Map<string, Buffer>;
  readonly sockets: Map<string, WebSocket>;
}

/** A local server that speaks ComfyUI's interface: /prompt with its checks, /ws, /history, /view, /queue, /interrupt, /upload/image. */
export async function startComfyServer(): Promise<ComfyServer> {
  const state: State = { prompts: new Map(), uploads: new Map(), sockets: new Map() };
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method ?? ''} ${(request.url ?? '').split('?')[0] ?? ''}`);
    answer({ ...state, request, response, scenario: handle.scenario }).catch((error: unknown) =>
      response.destroy(error as Error),
    );
  });
  const wss = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    if (handle.scenario === 'without socket') {
      socket.destroy();
      return;
    }
    wss.handleUpgrade(request, socket, head, (client) => {
      state.sockets.set(new URL(request.url ?? '', 'http://x').searchParams.get('clientId') ?? '', client);
    });
  });
  const timer = setInterval(() => step(state), 60);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const handle: ComfyServer = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    scenario: 'fine',
    requests,
    prompts: state.prompts,
    close: () =>
      new Promise((resolve) => {
        clearInterval(timer);
        for (const client of wss.clients) client.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return handle;
}

/** One prompt runs at a time, the others wait, as in ComfyUI. */
function step({ prompts, sockets }: State): void {
  const running = [...prompts.values()].find(({ state }) => state === 'running');
  if (running !== undefined) {
    tell(sockets, running, {
      type: 'progress',
      data: { value: 2, max: 4, prompt_id: running.id, node: 'sample' },
    });
    if (running.scenario === 'slow') return;
    running.state = 'done';
    tell(sockets, running, { type: 'executing', data: { node: null, prompt_id: running.id } });
  }
  const next = [...prompts.values()].find(({ state }) => state === 'waiting');
  if (next === undefined) return;
  next.state = 'running';
  tell(sockets, next, { type: 'executing', data: { node: 'sample', prompt_id: next.id } });
}

function tell(sockets: State['sockets'], { clientId }: Prompt, message: object): void {
  sockets.get(clientId)?.send(JSON.stringify(message));
}

interface Exchange extends State {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly scenario: ComfyScenario;
}

/** By method and first part of the path; what is not here is 404. */
const ROUTES: Readonly<Record<string, (exchange: Exchange, url: URL) => unknown>> = {
  'POST prompt': submit,
  'GET history': (exchange, url) => {
    send(exchange, 200, historyOf(exchange, url.pathname.split('/')[2] ?? ''));
  },
  'GET view': (exchange, url) => view(exchange, url.searchParams),
  'POST queue': unqueue,
  'GET queue': (exchange) => {
    send(exchange, 200, queueOf(exchange));
  },
  'POST interrupt': interrupt,
  'POST upload': upload,
};

async function answer(exchange: Exchange): Promise<void> {
  const url = new URL(exchange.request.url ?? '/', 'http://x');
  const route = ROUTES[`${exchange.request.method ?? ''} ${url.pathname.split('/')[1] ?? ''}`];
  if (route === undefined) send(exchange, 404, {});
  else await route(exchange, url);
}

async function submit(exchange: Exchange): Promise<void> {
  const { prompts, scenario } = exchange;
  if (scenario === 'server error') {
    send(exchange, 500, { error: 'oh no' });
    return;
  }
  const body = JSON.parse((await readBody(exchange.request)).toString()) as {
    prompt: Graph;
    client_id: string;
  };
  const wrong = problemsOf(exchange, body.prompt);
  if (Object.keys(wrong).length > 0) {
    const error = { type: 'prompt_outputs_failed_validation', message: 'Prompt outputs failed validation' };
    send(exchange, 400, { error, node_errors: wrong });
    return;
  }
  const id = randomUUID();
  const number = prompts.size;
  prompts.set(id, { id, number, clientId: body.client_id, graph: body.prompt, scenario, state: 'waiting' });
  send(exchange, 200, { prompt_id: id, number, node_errors: {} });
}

/** Unknown nodes, missing inputs, links to nowhere, pictures that were not uploaded. */
function problemsOf({ uploads }: Exchange, graph: Graph): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const [name, { class_type: type, inputs }] of Object.entries(graph)) {
    const missing = (NODES[type] ?? ['a known class_type']).filter((input) => inputs[input] === undefined);
    const links = Object.values(inputs).filter((value): value is [string, number] => Array.isArray(value));
    if (missing.length > 0) problems[name] = `required_input_missing: ${missing.join()}`;
    else if (links.some(([to]) => graph[to] === undefined)) problems[name] = 'invalid_link';
    else if (type === 'LoadImage' && !uploads.has(inputs['image'] as string))
      problems[name] = 'Invalid image file';
  }
  return problems;
}

function historyOf({ prompts }: Exchange, id: string): object {
  const prompt = prompts.get(id);
  if (prompt === undefined || (prompt.state !== 'done' && prompt.state !== 'interrupted')) return {};
  const failed = prompt.scenario === 'failing' || prompt.state === 'interrupted';
  const images = [{ filename: `${id}.png`, subfolder: '', type: 'output' }];
  const outputs = failed || prompt.scenario === 'no output' ? {} : { save: { images } };
  const messages = failed ? [['execution_error', { exception_message: 'CUDA out of memory' }]] : [];
  return {
    [id]: { outputs, status: { status_str: failed ? 'error' : 'success', completed: !failed, messages } },
  };
}

function queueOf({ prompts }: Exchange): object {
  const items = (state: Prompt['state']) =>
    [...prompts.values()].filter((prompt) => prompt.state === state).map(({ number, id }) => [number, id]);
  return { queue_running: items('running'), queue_pending: items('waiting') };
}

async function unqueue(exchange: Exchange): Promise<void> {
  const body = JSON.parse((await readBody(exchange.request)).toString()) as { delete: string[] };
  for (const id of body.delete)
    if (exchange.prompts.get(id)?.state === 'waiting') exchange.prompts.delete(id);
  send(exchange, 200, {});
}

async function interrupt(exchange: Exchange): Promise<void> {
  const { prompt_id: id } = JSON.parse((await readBody(exchange.request)).toString()) as {
    prompt_id?: string;
  };
  const running = [...exchange.prompts.values()].find(({ state }) => state === 'running');
  if (running !== undefined && (id === undefined || running.id === id)) running.state = 'interrupted';
  send(exchange, 200, {});
}

async function upload(exchange: Exchange): Promise<void> {
  const { request, uploads } = exchange;
  const file = (await readForm(request)).find(({ name }) => name === 'image');
  const name = file?.filename ?? '';
  uploads.set(name, file?.bytes ?? Buffer.alloc(0));
  send(exchange, 200, { name, subfolder: '', type: 'input' });
}

async function view({ prompts, uploads, response }: Exchange, query: URLSearchParams): Promise<void> {
  const prompt = prompts.get((query.get('filename') ?? '').replace('.png', ''));
  if (prompt === undefined) {
    response.writeHead(404).end();
    return;
  }
  const look = createHash('sha256').update(
    JSON.stringify(prompt.graph, (key, value: unknown) => (key === 'image' ? '' : value)),
  );
  for (const { inputs } of Object.values(prompt.graph))
    look.update(uploads.get(String(inputs['image'])) ?? '');
  const [r = 0, g = 0, b = 0] = look.digest();
  const background = { r, g, b };
  const png = await sharp({ create: { width: 64, height: 64, channels: 3, background } })
    .png()
    .toBuffer();
  response.writeHead(200, { 'content-type': 'image/png' }).end(prompt.scenario === 'garbage' ? 'sorry' : png);
}

function send({ response }: Exchange, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
