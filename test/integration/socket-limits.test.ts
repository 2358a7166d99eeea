import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import type { JobId } from '../../src/domain/ids.js';
import type { ItemId } from '../../src/domain/ids.js';
import { setVisibility } from '../../src/flow/set-visibility.js';
import { idSeal } from '../../src/graphql/ids.js';
import { idKey } from '../../src/server.js';
import { DEFAULT_LIMITS } from '../../src/graphql/limits.js';
import { SECRET, withApi } from '../support/api.js';
import { must } from '../support/must.js';
import { smallWorld, type SmallWorld } from '../support/small-world.js';
import { newJob, newWork } from '../support/world.js';

const api = withApi({ limits: { socketInitMs: 300, slowReaderMs: 600 } });
const ids = idSeal(idKey(SECRET));
let world: SmallWorld;
beforeAll(async () => {
  world = await smallWorld(api.ports);
});

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: {
    readonly data?: Record<string, { readonly cursor: string }>;
    readonly errors?: unknown;
  } & object;
}

/** A socket that speaks the protocol by hand. */
async function open(
  person: string | null,
): Promise<{ socket: WebSocket; messages: Message[]; say: (m: object) => void }> {
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const messages: Message[] = [];
  socket.on('message', (bytes: Buffer) => messages.push(JSON.parse(bytes.toString()) as Message));
  await once(socket, 'open');
  const say = (message: object): void => socket.send(JSON.stringify(message));
  if (person !== null) say({ type: 'connection_init', payload: { person } });
  return { socket, messages, say };
}
const closeOf = async (socket: WebSocket): Promise<number> => ((await once(socket, 'close')) as [number])[0];

async function until(reached: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !reached(); tries++) await sleep(20);
  expect(reached()).toBe(true);
}

async function ownJob(): Promise<JobId> {
  const { id } = await api.ports.stores.jobs.create(newJob(world.ada.id));
  await api.ports.stores.jobs.start(id, new Date());
  return id;
}

const follow = (jobId: JobId, after: string | null = null) => ({
  query: `subscription($jobId: ID!, $after: Cursor) {
    jobEvents(jobId: $jobId, after: $after) { __typename cursor ... on JobProgressed { stage } }
  }`,
  variables: { jobId: ids.seal('Job', jobId), after },
});

test('the limits of the socket are the promised ones', () => {
  expect(DEFAULT_LIMITS).toMatchObject({
    ...{ subscriptionsPerSocket: 20, socketsPerCaller: 10 },
    ...{ socketInitMs: 10_000, socketPingMs: 30_000, slowReaderMs: 15_000 },
  });
});

test('who says nothing is sent away with 4408, the 11th socket of a caller with 4429, the 21st subscription with an error', async () => {
  expect(await closeOf((await open(null)).socket)).toBe(4408);
  const jobId = await ownJob();
  const sockets = [];
  for (let i = 0; i < 10; i++) {
    const one = await open(world.ada.externalId);
    await until(() => one.messages.some(({ type }) => type === 'connection_ack'));
    sockets.push(one);
  }
  expect(await closeOf((await open(world.ada.externalId)).socket)).toBe(4429);
  const { say, messages } = must(sockets[0]);
  for (let i = 0; i < 21; i++) say({ type: 'subscribe', id: `s${i}`, payload: follow(jobId) });
  await until(() => messages.some(({ type }) => type === 'error'));
  expect(messages.filter(({ type }) => type === 'error').map(({ id }) => id)).toEqual(['s20']);
  await until(() => new Set(messages.filter(({ type }) => type === 'next').map(({ id }) => id)).size === 20);
  for (const { socket } of sockets) {
    socket.close();
    await once(socket, 'close');
  }
}, 60_000);

test('a reader that takes nothing is closed with 1013, holds a few events of memory, and resumes without loss', async () => {
  const jobId = await ownJob();
  const { socket, messages, say } = await open(world.ada.externalId);
  await until(() => messages.length === 1);
  say({ type: 'subscribe', id: 's', payload: follow(jobId) });
  await until(() => messages.length > 1);
  socket.pause();
  const rows = 80; // 200 kB each: more than the kernel keeps between the two of us
  for (let i = 0; i < rows; i++) {
    const event = {
      kind: 'PROGRESSED',
      progress: i / rows,
      stage: `${i} ${'x'.repeat(200_000)}`,
      previewHash: null,
    } as const;
    await api.ports.stores.jobs.progress(jobId, 1, event, new Date());
  }
  await sleep(3_000);
  const closed = closeOf(socket);
  socket.resume();
  expect(await closed).toBe(1013);
  const lines = (of: Message[]) =>
    of.flatMap(({ type, payload }) => (type === 'next' ? [must(must(payload?.data)['jobEvents'])] : []));
  const before = lines(messages);
  expect(before.length).toBeLessThan(rows); // what was not sent was not read from the log either
  await api.ports.stores.jobs.finish(jobId, 1, { status: 'SUCCEEDED' }, new Date());
  const again = await open(world.ada.externalId);
  await until(() => again.messages.length === 1);
  again.say({ type: 'subscribe', id: 's', payload: follow(jobId, must(before.at(-1)).cursor) });
  await until(() => again.messages.some(({ type }) => type === 'complete'));
  const seen = [...before, ...lines(again.messages)].map(({ cursor }) => cursor);
  const log = await api.ports.stores.jobs.eventsAfter(jobId, 0n, 200);
  expect(seen).toEqual(log.map(({ seq }) => ids.seal('JobCursor', `${jobId}|${seq}`)));
  again.socket.close();
  await once(again.socket, 'close');
}, 60_000);

test('a work that is made private in mid-stream is not delivered to others any more', async () => {
  const jobId = await ownJob();
  const parts = { catalogueId: world.catalogue.id, authorId: world.ada.id, jobId };
  const { work, item } = newWork(parts, {
    item: { visibility: 'PUBLIC', title: 'A secret party', mediaHash: null },
  });
  const itemId: ItemId = (await api.ports.stores.works.save(work, item)).itemId;
  const change = {
    kind: 'ADDED',
    itemId,
    ownerId: world.ada.id,
    visibility: 'PUBLIC',
    at: new Date(),
  } as const;
  await api.ports.stores.galleryLog.append(change);
  const start = ids.seal('GalleryCursor', '0');
  const { socket, messages, say } = await open(world.bob.externalId);
  await until(() => messages.length === 1);
  const query = `subscription($after: Cursor) { galleryChanges(after: $after) { kind item { title } } }`;
  say({ type: 'subscribe', id: 'before', payload: { query, variables: { after: start } } });
  await until(() => JSON.stringify(messages).includes('A secret party'));
  const told = messages.length;
  await setVisibility(api.ports, world.ada, itemId, { visibility: 'PRIVATE', shareRecipe: null });
  say({ type: 'subscribe', id: 'after', payload: { query, variables: { after: start } } });
  await sleep(1_500);
  expect(JSON.stringify(messages.slice(told))).not.toContain('A secret party');
  socket.close();
  await once(socket, 'close');
}, 60_000);
