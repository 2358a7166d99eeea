import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Postgres, a small demo and the first picture model come up within this time on a busy two-core machine. */
const READY_MS = 240_000;
const STOP_MS = 30_000;

export interface RunningVitrine {
  readonly url: string;
  /** What it printed, for the message of a failing test. */
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

/**
 * Starts the product as `npm start` does, with a small demo in a folder of its own. `VITRINE_URL` names one that runs
 * already instead: so the pictures of the documentation are made from the full demo.
 */
export async function startVitrine(): Promise<RunningVitrine> {
  const running = process.env['VITRINE_URL'];
  if (running !== undefined) return { url: running, output: () => '', stop: () => Promise.resolve() };
  const home = mkdtempSync(join(tmpdir(), 'vitrine-e2e-'));
  chmodSync(home, 0o755); // as root, the database server runs as nobody and must be able to pass
  const port = await freePort();
  const child = spawn(process.execPath, ['dist/src/cli.js', 'start'], {
    env: {
      ...withoutDatabase(process.env),
      NODE_ENV: 'development',
      NODE_OPTIONS: '',
      PORT: String(port),
      VITRINE_HOME: home,
      VITRINE_DEMO: 'small',
      VITRINE_TRAIN_SECONDS: '10',
      // pictures are made here; what only the other provider makes can be looked at, but nothing answers under its address
      VITRINE_IMAGE_PROVIDER: 'local,replicate',
      REPLICATE_API_TOKEN: 'none',
      REPLICATE_BASE_URL: 'http://127.0.0.1:9/v1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const url = `http://127.0.0.1:${port}`;
  const stop = () => stopped(child, home);
  try {
    await ready(url, child);
  } catch (error) {
    await stop();
    throw new Error(`Vitrine did not start:\n${output}`, { cause: error });
  }
  return { url, output: () => output, stop };
}

/** The product's own database is part of what is tried. */
function withoutDatabase(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => name !== 'DATABASE_URL'));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + READY_MS;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`it ended by itself with code ${child.exitCode}`);
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.status === 200) return;
    await sleep(500);
  }
  throw new Error(`it was not ready after ${READY_MS / 1000} s`);
}

async function stopped(child: ChildProcess, home: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = once(child, 'exit');
    child.kill('SIGINT');
    const hard = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await gone;
    clearTimeout(hard);
  }
  rmSync(home, { recursive: true, force: true });
}
