import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expressMiddleware } from '@as-integrations/express5';
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from 'express';
import helmet from 'helmet';
import type { MediaHash } from './domain/ids.js';
import type { PictureFormat, PictureWidth } from './domain/media.js';
import { keySet } from './flow/key-set.js';
import type { Ports } from './flow/ports.js';
import type { RankerPool } from './flow/ranking-view.js';
import { createApollo, limiterKeyOf, newRequestId, type HttpContext } from './graphql/apollo.js';
import { authenticate, type Caller, type Credentials } from './graphql/auth.js';
import { buildApiSchema } from './graphql/build-schema.js';
import type { MediaUrls, RateState } from './graphql/context.js';
import { createContext, type ContextParts } from './graphql/create-context.js';
import { credentialsOf, SESSION_COOKIE, SESSION_HEADER } from './graphql/credentials.js';
import { downloadDoor } from './graphql/download-door.js';
import { idSeal } from './graphql/ids.js';
import { receiveUploads, type ReferenceAddresses } from './http/receive-upload.js';
import { showThumbnails } from './http/reference-thumbnails.js';
import { receiveWebhooks, type WebhookCheck } from './http/receive-webhook.js';
import { DEFAULT_LIMITS, type Limits } from './graphql/limits.js';
import { rateLimiter } from './graphql/rate-limiter.js';
import { hostIsLocal, sameOrigin } from './graphql/same-origin.js';
import { sessions } from './graphql/sessions.js';
import { verifyDoor } from './graphql/verify-door.js';
import { createSocket } from './graphql/socket.js';

/** What the server is built from; wire.ts makes it. */
export interface ServerDeps {
  readonly ports: Ports;
  readonly rankers: RankerPool;
  readonly media: SignedMedia;
  readonly references: { readonly upload: ReferenceAddresses; readonly thumbnail: ReferenceAddresses };
  /** By provider: how to tell that a webhook is theirs. Empty where none calls back. */
  readonly webhooks: Readonly<Record<string, WebhookCheck>>;
  /** At least 32 characters. Ids, sessions and tokens each get a key of their own from it. */
  readonly secret: string;
  readonly development: boolean;
  readonly limits?: Partial<Limits>;
}

export interface SignedMedia extends MediaUrls {
  verify(
    url: string,
    now: Date,
  ):
    | {
        readonly state: 'valid';
        readonly request: { hash: MediaHash; width: PictureWidth; format: PictureFormat };
      }
    | { readonly state: 'expired' | 'forged' | 'malformed' };
}

export interface RunningServer {
  readonly url: string;
  /** Lets running requests end, tells sockets to come back, frees the port. */
  close(): Promise<void>;
}

interface Parts extends ServerDeps {
  readonly limits: Limits;
  readonly contextParts: ContextParts;
  readonly authenticate: (credentials: Credentials) => Promise<Caller>;
}

const GRAPHQL = '/graphql';

/** Serves the API over HTTP and WebSocket, pictures, health and the web pages on one port. */
export async function startServer(
  deps: ServerDeps,
  { port, host = '127.0.0.1', webRoot }: { port: number; host?: string; webRoot: string },
): Promise<RunningServer> {
  const parts = assemble(deps);
  const schema = await buildApiSchema();
  const limiter = rateLimiter(parts.limits);
  const app = express();
  const server = createServer(app);
  const apollo = createApollo({ schema, limits: parts.limits, limiter, log: deps.ports.log }, server);
  await apollo.start();
  const socket = createSocket(
    { ...parts, schema, limiter, log: deps.ports.log, originAllowed: (request) => trusted(parts, request) },
    server,
    GRAPHQL,
  );
  addRoutes(app, parts, { apollo, webRoot });
  await listening(server, port, host);
  return {
    url: urlOf(server, host),
    async close() {
      const closed = once(server, 'close');
      await socket.close();
      await apollo.stop(); // closes the HTTP server: idle connections now, the others when they are answered
      await closed;
    },
  };
}

function assemble(deps: ServerDeps): Parts {
  const { ports, rankers, development, secret, media, references } = deps;
  if (secret.length < 32)
    throw new Error(`a secret of at least 32 characters was wanted, ${secret.length} came`);
  const auth = { development, tokenSecret: secret, sessions: sessions(keyFor(secret, 'sessions')) };
  return {
    ...deps,
    limits: { ...DEFAULT_LIMITS, ...deps.limits },
    contextParts: {
      ports: { ...ports, rankers },
      ids: idSeal(idKey(secret)),
      mediaUrls: media,
      referenceUrls: references,
      development,
    },
    authenticate: (credentials) => authenticate(auth, ports, credentials),
  };
}

const keyFor = (secret: string, use: string): string =>
  createHmac('sha256', secret).update(use).digest('base64url');

/** The key under which ids and cursors are sealed; whoever has it can read and make them. */
export const idKey = (secret: string): string => keyFor(secret, 'ids');

interface Handlers {
  readonly apollo: ReturnType<typeof createApollo>;
  readonly webRoot: string;
}

function addRoutes(app: Express, parts: Parts, { apollo, webRoot }: Handlers): void {
  app.disable('x-powered-by');
  app.use(securityHeaders(parts.development));
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  app.get('/readyz', readiness(parts));
  app.get('/media/:hash/:rendition', pictures(parts));
  app.get('/downloads/:sealed', downloadDoor(parts.ports, parts.contextParts.ids));
  app.get('/.well-known/vitrine-keys.json', (_request, response) => {
    response.set('cache-control', 'public, max-age=3600').json(keySet(parts.ports.manifestKeys.published));
  });
  app.post('/verify', deadline(parts.limits.operationMs), ...verifyDoor(parts.ports));
  receiveWebhooks(app, parts.ports, parts.webhooks);
  receiveUploads(app, parts.ports, parts.references.upload);
  showThumbnails(app, parts.ports, parts.references.thumbnail);
  app.use(GRAPHQL, refuseStrangers(parts), explorer(webRoot), deadline(parts.limits.operationMs));
  app.use(GRAPHQL, express.json({ limit: parts.limits.bodyBytes }));
  app.use(GRAPHQL, expressMiddleware(apollo, { context: ({ req, res }) => httpContext(parts, req, res) }));
  app.use(express.static(webRoot, { index: false, maxAge: '1h', dotfiles: 'ignore' }));
  app.get('/{*page}', pageOf(webRoot));
  app.use(lastResort(parts.ports.log));
}

/** The page's own scripts and styles; GraphiQL's editor runs workers from blobs. No upgrade to https: loopback has none. */
function securityHeaders(development: boolean): RequestHandler {
  return helmet({
    strictTransportSecurity: development ? false : { maxAge: 31_536_000 },
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'self'"],
        connectSrc: ["'self'", 'ws:', 'wss:'],
        fontSrc: ["'self'", 'data:'],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        objectSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        workerSrc: ["'self'", 'blob:'],
      },
    },
  });
}

/** Ready once the first catalogue's page can be answered, be it by the baseline. */
function readiness({ ports, rankers }: Parts): RequestHandler {
  return async (_request, response) => {
    const [first] = await ports.stores.catalogues.all();
    const view = first === undefined ? null : await rankers.view(first.id);
    const ready = view !== null && view.items.size > 0;
    response
      .status(ready ? 200 : 503)
      .json({ status: ready ? 'ready' : 'starting', model: view?.model?.version ?? null });
  };
}

const PICTURE_CSP = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/** One rendition, by an address that only we can make and that runs out; forged, expired and unknown look the same. */
function pictures({ ports, media: signed }: Parts): RequestHandler {
  return async (request, response) => {
    const verdict = signed.verify(request.originalUrl, ports.clock.now());
    if (verdict.state !== 'valid') {
      response.status(404).end();
      return;
    }
    const { hash, width, format } = verdict.request;
    const [media] = await ports.stores.media.byHashes([hash]);
    const bytes = media === undefined ? null : await ports.pictures.rendition(media, width, format);
    if (bytes === null) {
      response.status(404).end();
      return;
    }
    response
      .set({
        'content-type': `image/${format}`,
        'cache-control': 'private, max-age=86400, immutable',
        'content-security-policy': PICTURE_CSP,
        etag: `"${hash.slice(0, 32)}-${width}-${format}"`,
      })
      .send(Buffer.from(bytes));
  };
}

function trusted({ development }: Parts, request: IncomingMessage): boolean {
  return sameOrigin(request) && (!development || hostIsLocal(request));
}

function strangerMessage({ development }: Parts, request: IncomingMessage): string {
  if (development && !hostIsLocal(request))
    return 'in development this API answers under localhost or an IP address, not under another name';
  return 'a page of another site may not call this API';
}

function refuseStrangers(parts: Parts): RequestHandler {
  return (request, response, next) => {
    if (trusted(parts, request)) next();
    else fail(response, 403, { code: 'FORBIDDEN', message: strangerMessage(parts, request) });
  };
}

/** A browser that opens the address gets the explorer; everything else goes on to the API. */
function explorer(webRoot: string): RequestHandler {
  return (request, response, next) => {
    const wantsPage = request.method === 'GET' && request.accepts(['json', 'html']) === 'html';
    if (!wantsPage || request.query['query'] !== undefined) next();
    else sendPage(response, join(webRoot, 'graphiql.html'));
  };
}

function deadline(ms: number): RequestHandler {
  return (_request, response, next) => {
    const timer = setTimeout(() => {
      if (!response.headersSent)
        fail(response, 504, { code: 'DEADLINE_EXCEEDED', message: `the operation took more than ${ms} ms` });
    }, ms);
    response.once('close', () => clearTimeout(timer));
    next();
  };
}

async function httpContext(parts: Parts, request: IncomingMessage, response: Response): Promise<HttpContext> {
  const requestId = newRequestId();
  response.set('x-request-id', requestId);
  const caller = await parts.authenticate(credentialsOf(request));
  if (caller.newSession !== null) {
    response.cookie(SESSION_COOKIE, caller.newSession, { httpOnly: true, sameSite: 'lax', path: '/' });
    response.set(SESSION_HEADER, caller.newSession);
  }
  let state: RateState | null = null;
  const rate = () => {
    if (state === null) throw new Error('the points of this operation were not counted');
    return state;
  };
  return {
    ...createContext(parts.contextParts, caller, { requestId, rate }),
    limiterKey: limiterKeyOf(caller, request.socket.remoteAddress),
    setRate: (counted) => (state = counted),
  };
}

function pageOf(webRoot: string): RequestHandler {
  return (_request, response) => sendPage(response, join(webRoot, 'index.html'));
}

function sendPage(response: Response, file: string): void {
  response.set('cache-control', 'no-cache').sendFile(file, { dotfiles: 'allow' }, (error?: Error) => {
    if (error && !response.headersSent)
      response.status(404).type('text').send('This page has not been built yet: npm run build\n');
  });
}

function fail(
  response: Response,
  status: number,
  { code, message }: { code: string; message: string },
): void {
  response.status(status).json({ errors: [{ message, extensions: { code } }] });
}

/** What body-parser and Express refuse is the caller's (4xx); the rest is a bug and says nothing. */
function lastResort(log: Ports['log']): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    const status = (error as { status?: unknown }).status;
    const isTheirs = typeof status === 'number' && status >= 400 && status < 500;
    if (!isTheirs) log('http-bug', { error });
    if (response.headersSent) next(error);
    else if (isTheirs)
      fail(response, status, { code: 'BAD_REQUEST', message: 'the request could not be read' });
    else fail(response, 500, { code: 'INTERNAL', message: 'Internal error' });
  };
}

async function listening(server: Server, port: number, host: string): Promise<void> {
  server.listen(port, host);
  await once(server, 'listening');
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
