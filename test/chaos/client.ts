import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import type { Random } from '../../src/domain/random.js';

/** Addresses of the servers that run now; a client that loses one asks another. */
export type Servers = readonly (() => string)[];

export interface Received {
  readonly kind: string;
  readonly cursor: string;
  /** When it came, and when the event happened, ms since 1970. */
  readonly at: number;
  readonly happened: number;
}

const pick = <T>(items: readonly T[], random: Random): T => items[random.int(items.length)] as T;

/** Sends an operation until some server answers it: what may be sent twice needs its idempotency key inside. */
export async function insist<T>(
  servers: Servers,
  random: Random,
  { query, variables, person }: { query: string; variables: object; person: string },
): Promise<T> {
  for (let tries = 0; tries < 300; tries++) {
    const answer = await post(pick(servers, random)(), { query, variables }, person).catch(() => null);
    if (answer?.data && !answer.errors) return answer.data as T;
    await sleep(200);
  }
  throw new Error(`no server answered ${JSON.stringify(variables)} in 60 s`);
}

async function post(
  url: string,
  body: object,
  person: string,
): Promise<{ data?: unknown; errors?: unknown }> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-vitrine-person': person },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  return (await response.json()) as { data?: unknown; errors?: unknown };
}

const EVENTS = `subscription($jobId: ID!, $after: Cursor) {
  jobEvents(jobId: $jobId, after: $after) { __typename cursor at }
}`;

export interface ReaderOptions {
  readonly servers: Servers;
  readonly random: Random;
  readonly person: string;
  readonly jobId: string;
  /** Chance that the reader tears its socket after an event, and goes on somewhere else. */
  readonly tear: number;
}

export interface Reading {
  readonly received: readonly Received[];
  /** Sockets that broke or were torn before the end. */
  readonly brokenSockets: number;
}

/** Follows a job to its end as an application does: with a cursor, on any server, however often the socket breaks. */
export async function readToEnd(options: ReaderOptions, signal: AbortSignal): Promise<Reading> {
  const received: Received[] = [];
  let brokenSockets = 0;
  while (received.at(-1)?.kind !== 'JobFinished' && !signal.aborted) {
    await readOnce(options, received, signal).catch(() => undefined);
    if (received.at(-1)?.kind === 'JobFinished') break;
    brokenSockets += 1;
    await sleep(100 + options.random.int(200));
  }
  return { received, brokenSockets };
}

async function readOnce(
  { servers, random, person, jobId, tear }: ReaderOptions,
  received: Received[],
  signal: AbortSignal,
): Promise<void> {
  const client = createClient({
    url: `${pick(servers, random)().replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { person },
    retryAttempts: 0,
  });
  const stop = (): void => client.terminate();
  signal.addEventListener('abort', stop);
  try {
    const variables = { jobId, after: received.at(-1)?.cursor ?? null };
    for await (const { data, errors } of client.iterate<Record<string, Line>>({ query: EVENTS, variables })) {
      if (errors || !data?.['jobEvents']) return;
      const { __typename: kind, cursor, at } = data['jobEvents'];
      received.push({ kind, cursor, at: Date.now(), happened: Date.parse(at) });
      if (random.next() < tear) return;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    client.terminate();
  }
}

interface Line {
  readonly __typename: string;
  readonly cursor: string;
  readonly at: string;
}
