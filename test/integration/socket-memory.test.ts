import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { idSeal } from '../../src/graphql/ids.js';
import { idKey } from '../../src/server.js';
import { SECRET, withApi } from '../support/api.js';
import { smallWorld } from '../support/small-world.js';
import { newJob } from '../support/world.js';

const SOCKETS = 200;
const api = withApi({ limits: { pointsPerMinute: 1e9, socketsPerCaller: 10_000 } });

/** The clients have a process of their own, so that their memory is not counted; it says `all` when each has an event. */
const CLIENTS = `
  import { WebSocket } from 'ws';
  const [url, person, query, count] = process.argv.slice(1);
  let got = 0;
  for (let i = 0; i < Number(count); i++) {
    const socket = new WebSocket(url, 'graphql-transport-ws');
    const say = (message) => socket.send(JSON.stringify(message));
    socket.on('open', () => say({ type: 'connection_init', payload: { person } }));
    socket.on('message', (text) => {
      const { type } = JSON.parse(text);
      if (type === 'connection_ack') say({ id: '1', type: 'subscribe', payload: { query } });
      else if (type === 'ping') say({ type: 'pong' });
      else if (type !== 'next') throw new Error(String(text));
      else if (++got === Number(count)) console.log('all');
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
  }`;

async function startClients(person: string, query: string, count: number): Promise<ChildProcess> {
  const url = `${api.url.replace('http', 'ws')}/graphql`;
  const given = ['--input-type=module', '-e', CLIENTS, url, person, query, String(count)];
  const child = spawn(process.execPath, given, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
  await sleep(2_000);
}

/** Bytes that are still reachable. */
async function heldBytes(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let i = 0; i < 3; i++) {
    collect();
    await sleep(100);
  }
  return process.memoryUsage().heapUsed;
}

test('an idle subscription on a socket of its own keeps at most 50 kB, and nothing when it has ended', async () => {
  const { ada } = await smallWorld(api.ports);
  const { stores } = api.ports;
  const job = await stores.jobs.create(newJob(ada.id));
  await stores.jobs.start(job.id, new Date());
  const id = idSeal(idKey(SECRET)).seal('Job', job.id);
  const query = `subscription { jobEvents(jobId: "${id}") {
    cursor __typename ... on JobProgressed { progress stage } ... on JobFinished { job { id status progress } } } }`;
  const person = ada.externalId;
  await end(await startClients(person, query, 20)); // what is loaded once is loaded
  const before = await heldBytes();
  const clients = await startClients(person, query, SOCKETS);
  const kb = ((await heldBytes()) - before) / SOCKETS / 1024;
  await end(clients);
  const kbAfter = ((await heldBytes()) - before) / SOCKETS / 1024;
  process.stdout.write(`${kb.toFixed(1)} kB a socket, ${kbAfter.toFixed(1)} kB after\n`);
  expect(kb).toBeGreaterThan(5); // they are there
  expect(kb).toBeLessThan(50);
  expect(kbAfter).toBeLessThan(10);
}, 90_000);
