import 'reflect-metadata';
import { loadConfig } from '../src/config.js';
import { type Deps, wire } from '../src/wire.js';
import { openPatiently } from './open-patiently.js';
import { registry } from './registry.js';
import { startWorker } from './start-worker.js';

/** A worker's process: takes jobs from the database it is pointed at until SIGTERM or Ctrl-C; run as many as you like. */
const stopping = new AbortController();
// Ctrl-C at `npm start` brings one of each: from the terminal, and from the parent. The same one again ends it at once.
const received = new Set<string>();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    if (received.has(name)) process.exit(130);
    received.add(name);
    stopping.abort();
  });
}

try {
  const deps = await openPatiently(() => wire(loadConfig(process.env)), {
    signal: stopping.signal,
    onAway: ({ message }) => process.stderr.write(`${message}; this worker waits for it\n`),
  });
  if (deps !== null) await work(deps);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}

async function work(deps: Deps): Promise<void> {
  try {
    const worker = await startWorker(deps.ports, deps.queue, { specs: registry });
    deps.ports.log('worker.started', { pid: process.pid });
    await new Promise<void>((resolve) => {
      if (stopping.signal.aborted) resolve();
      stopping.signal.addEventListener('abort', () => resolve());
    });
    await worker.stop();
  } finally {
    await deps.close();
  }
}
