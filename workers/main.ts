import 'reflect-metadata';
import { loadConfig } from '../src/config.js';
import { wire } from '../src/wire.js';
import { registry } from './registry.js';
import { startWorker } from './start-worker.js';

/** A worker's process: takes jobs from the database it is pointed at until SIGTERM or Ctrl-C; run as many as you like. */
const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    if (stopping.signal.aborted && name === 'SIGTERM') process.exit(130);
    stopping.abort();
  });
}

try {
  const deps = await wire(loadConfig(process.env), { worker: true });
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
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}
