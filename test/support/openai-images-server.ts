import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { readBody, readForm } from './read-form.js';

/** How the next requests go; `strict` knows only the fields that OpenAI documents, `by url` sends an address. */
export type OpenAiScenario =
  | 'fine'
  | 'strict'
  | 'by url'
  | 'slow'
  | 'refusing'
  | 'garbage'
  | 'truncated'
  | 'breaks off'
  | 'server error'
  | 'rate limit';

export interface OpenAiServer {
  readonly baseUrl: string;
  scenario: OpenAiScenario;
  /** Fields of each request, in order; files by their size. */
  readonly requests: { readonly path: string; readonly fields: Readonly<Record<string, unknown>> }[];
  close(): Promise<void>;
}

export const OPENAI_TEST_KEY = 'sk-test';
const DOCUMENTED = new Set(['model', 'prompt', 'n', 'size', 'image[]']);

/** A local server that speaks OpenAI's images/generations and images/edits, with LocalAI's `seed`. */
export async function startOpenAiServer(): Promise<OpenAiServer> {
  const pictures: Buffer[] = [];
  const server = createServer((request, response) => {
    answer({ request, response, handle, pictures }).catch((error: unknown) =>
      response.destroy(error as Error),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const handle: OpenAiServer = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    scenario: 'fine',
    requests: [],
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
  readonly handle: OpenAiServer;
  readonly pictures: Buffer[];
}

const FAILURES: Partial<Record<OpenAiScenario, [number, string, string]>> = {
  refusing: [400, 'moderation_blocked', 'Your request was rejected by the safety system.'],
  'server error': [500, 'server_error', 'The server had an error.'],
  'rate limit': [429, 'rate_limit_exceeded', 'Rate limit reached.'],
};

async function answer(exchange: Exchange): Promise<void> {
  const { request, handle, pictures, response } = exchange;
  const path = (request.url ?? '').replace('/v1', '');
  const file = /^\/files\/(\d+)$/.exec(path)?.[1];
  if (file !== undefined) {
    response.writeHead(200, { 'content-type': 'image/png' }).end(pictures[Number(file)]);
    return;
  }
  if (request.headers.authorization !== `Bearer ${OPENAI_TEST_KEY}`) {
    fail(exchange, 401, { code: 'invalid_api_key', message: 'Incorrect API key provided.' });
    return;
  }
  const fields = await fieldsOf(request);
  handle.requests.push({ path, fields });
  const problem = problemOf(handle.scenario, path, fields);
  if (problem === null) await sendPicture(exchange, fields);
  else fail(exchange, ...problem);
}

type Problem = [number, { code: string; message: string; param?: string }];

function problemOf(scenario: OpenAiScenario, path: string, fields: Record<string, unknown>): Problem | null {
  const [status, code = '', message = ''] = FAILURES[scenario] ?? [];
  if (status !== undefined) return [status, { code, message }];
  const param = Object.keys(fields).find((name) => scenario === 'strict' && !DOCUMENTED.has(name));
  if (param !== undefined)
    return [400, { code: 'unknown_parameter', message: `Unknown parameter: '${param}'.`, param }];
  const lacksPicture = path === '/images/edits' && fields['image[]'] === undefined;
  if (typeof fields['prompt'] === 'string' && !lacksPicture) return null;
  return [400, { code: 'missing_required_parameter', message: 'Missing required parameter.' }];
}

async function sendPicture(
  { response, handle, pictures }: Exchange,
  fields: Record<string, unknown>,
): Promise<void> {
  if (handle.scenario === 'slow') await sleep(5_000, undefined, { ref: false });
  const [r = 0, g = 0, b = 0] = createHash('sha256').update(JSON.stringify(fields)).digest();
  const background = { r, g, b };
  const png = await sharp({ create: { width: 64, height: 64, channels: 3, background } })
    .png()
    .toBuffer();
  const bytes =
    { garbage: Buffer.from('sorry'), truncated: png.subarray(0, png.length / 2) }[
      handle.scenario as string
    ] ?? png;
  pictures.push(bytes);
  const shown =
    handle.scenario === 'by url'
      ? { url: `${handle.baseUrl}/files/${pictures.length - 1}` }
      : { b64_json: bytes.toString('base64') };
  const body = JSON.stringify({ created: 1, data: [shown] });
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  if (handle.scenario !== 'breaks off') response.end(body);
  else response.write(body.slice(0, 50), () => response.destroy());
}

async function fieldsOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('application/json'))
    return JSON.parse((await readBody(request)).toString()) as Record<string, unknown>;
  const fields: Record<string, unknown> = {};
  for (const { name, filename, bytes } of await readForm(request)) {
    const before = (fields[name] ?? []) as unknown[];
    fields[name] = filename === null ? bytes.toString() : [...before, bytes.length];
  }
  return fields;
}

function fail(
  { response }: Exchange,
  status: number,
  error: { code: string; message: string; param?: string },
): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
}
