import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  execute,
  GraphQLError,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import { CloseCode, type Context, type SubscribePayload } from 'graphql-ws';
import { useServer, type Extra } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { Log } from '../flow/ports.js';
import type { Caller, Credentials } from './auth.js';
import { limiterKeyOf, newRequestId } from './apollo.js';
import { createContext, type ContextParts } from './create-context.js';
import { checkedDocuments, type CheckedDocuments } from './checked-documents.js';
import { cookieOf } from './credentials.js';
import { isBug, publicError } from './errors.js';
import { freshSubscribe } from './fresh-subscribe.js';
import { onlyGiven } from './given.js';
import type { Limits } from './limits.js';
import { operationCost } from './operation-cost.js';
import type { RateLimiter } from './rate-limiter.js';

export interface SocketParts {
  readonly schema: GraphQLSchema;
  readonly limits: Limits;
  readonly limiter: RateLimiter;
  readonly log: Log;
  readonly contextParts: ContextParts;
  readonly authenticate: (credentials: Credentials) => Promise<Caller>;
  /** Whether a page from this address may talk to us: cross-site pages may not. */
  readonly originAllowed: (request: IncomingMessage) => boolean;
}

interface SocketExtra extends Record<PropertyKey, unknown> {
  caller: Caller;
  limiterKey: string;
}
type SocketContext = Context<Record<string, unknown>, Extra & Partial<SocketExtra>>;

/** What a client says in `connectionParams`; a browser has its cookie as well. */
const ConnectionParams = z.object({
  authorization: z.string().max(4000).optional(),
  session: z.string().max(200).optional(),
  person: z.string().max(200).optional(),
});

/** GraphQL over WebSocket on the same path, under the same limits and rights as over HTTP. */
export function createSocket(parts: SocketParts, server: Server, path: string): { close(): Promise<void> } {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: parts.limits.bodyBytes });
  const open = new Map<string, number>();
  const documents = checkedDocuments(parts.schema, parts.limits);
  const service = useServer<Record<string, unknown>, Partial<SocketExtra>>(
    {
      connectionInitWaitTimeout: parts.limits.socketInitMs,
      onConnect: (context) => connect(parts, open, context),
      onDisconnect: ({ extra: { limiterKey = '' } }) => {
        open.set(limiterKey, (open.get(limiterKey) ?? 1) - 1);
      },
      onSubscribe: (context, _id, payload) => prepare({ ...parts, documents }, context, payload),
      execute: async (args) => presentable(parts.log, await execute(args)),
      subscribe: (args) => freshSubscribe(args, (result) => presentable(parts.log, result)),
      onError: (_context, _id, _payload, errors) => errors.map((error) => shown(parts.log, error).toJSON()),
    },
    sockets,
    parts.limits.socketPingMs,
  );
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname !== path) refuse(socket, '404 Not Found');
    else if (!parts.originAllowed(request)) refuse(socket, '403 Forbidden');
    else
      sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
  };
  server.on('upgrade', upgrade);
  const stopWatching = closeSlowReaders(sockets, parts.limits.slowReaderMs);
  return {
    async close() {
      stopWatching();
      server.off('upgrade', upgrade);
      for (const client of sockets.clients)
        client.close(1012, 'Service restart: resume with your last cursor');
      await service.dispose();
    },
  };
}

/**
 * The next event is read only when the one before was sent, so a paused reader holds one event a subscription in our memory; one
 * that takes nothing for too long is let go all the same. Stops when called.
 */
function closeSlowReaders(sockets: WebSocketServer, slowReaderMs: number): () => void {
  const behindSince = new WeakMap<WebSocket, number>();
  const look = (client: WebSocket): void => {
    const since = behindSince.get(client) ?? performance.now();
    if (client.bufferedAmount === 0) behindSince.delete(client);
    else if (performance.now() - since < slowReaderMs) behindSince.set(client, since);
    else client.close(1013, 'Too slow: resume with your last cursor');
  };
  const timer = setInterval(() => sockets.clients.forEach(look), slowReaderMs / 4);
  return () => clearInterval(timer);
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

async function connect(
  parts: SocketParts,
  open: Map<string, number>,
  context: SocketContext,
): Promise<boolean | Record<string, unknown>> {
  const { extra } = context;
  const params = ConnectionParams.safeParse(context.connectionParams ?? {});
  if (!params.success)
    return closed(extra, CloseCode.BadRequest, 'connectionParams: authorization, session, person');
  try {
    const caller = await parts.authenticate(credentialsOf(params.data, extra.request));
    const limiterKey = limiterKeyOf(caller, extra.request.socket.remoteAddress);
    if ((open.get(limiterKey) ?? 0) >= parts.limits.socketsPerCaller)
      return closed(extra, CloseCode.TooManyInitialisationRequests, 'Too many sockets');
    open.set(limiterKey, (open.get(limiterKey) ?? 0) + 1);
    Object.assign(extra, { caller, limiterKey });
    return caller.newSession === null ? true : { session: caller.newSession };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const code =
      error.extensions['code'] === 'UNAUTHENTICATED' ? CloseCode.Unauthorized : CloseCode.Forbidden;
    return closed(extra, code, error.message.slice(0, 100));
  }
}

/** graphql-ws says 4403 for `false`; the other reasons are said by closing first. */
function closed({ socket }: Extra, code: number, reason: string): false {
  socket.close(code, reason);
  return false;
}

function credentialsOf(params: z.infer<typeof ConnectionParams>, request: IncomingMessage): Credentials {
  return {
    bearer: params.authorization?.replace(/^Bearer /i, '') ?? null,
    session: params.session ?? cookieOf(request.headers.cookie),
    demoPerson: params.person ?? null,
  };
}

async function prepare(
  parts: SocketParts & { readonly documents: CheckedDocuments },
  context: SocketContext,
  payload: SubscribePayload,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  try {
    if (Object.keys(context.subscriptions).length > parts.limits.subscriptionsPerSocket)
      throw limitReached(`at most ${parts.limits.subscriptionsPerSocket} subscriptions a socket`);
    const document = parts.documents(payload.query);
    return 'kind' in document ? await ready(parts, context.extra, { ...payload, document }) : document;
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}

async function ready(
  { schema, limits, limiter, contextParts }: SocketParts,
  { caller, limiterKey }: Partial<SocketExtra>,
  { document, operationName, variables }: SubscribePayload & { document: DocumentNode },
): Promise<ExecutionArgs> {
  if (caller === undefined || limiterKey === undefined)
    throw new Error('a socket subscribes before it is acknowledged');
  const operation = onlyGiven({ operationName, variables });
  const cost = operationCost(schema, { query: document, ...operation }, limits);
  const rate = await limiter.spend(limiterKey, cost, contextParts.ports.clock.now());
  const contextValue = createContext(contextParts, caller, { requestId: newRequestId(), rate: () => rate });
  return {
    schema,
    document,
    contextValue,
    operationName: operationName ?? null,
    variableValues: variables ?? null,
  };
}

function limitReached(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'RATE_LIMITED' } });
}

/** The same rule as over HTTP: bugs are logged and show nothing. */
function presentable(log: Log, { errors, ...result }: ExecutionResult): ExecutionResult {
  return errors === undefined ? result : { ...result, errors: errors.map((error) => shown(log, error)) };
}

function shown(log: Log, error: unknown): GraphQLError {
  if (isBug(error))
    log('graphql-bug', { error: error instanceof GraphQLError ? (error.originalError ?? error) : error });
  const { message, path, extensions } = publicError(error);
  return new GraphQLError(message, onlyGiven({ path, extensions }));
}
