import 'reflect-metadata';
import { registry } from '../../workers/registry.js';
import { startWorker } from '../../workers/start-worker.js';
import { chaosPorts } from './chaos-ports.js';

/** A worker to kill, pause and cut off: the real registry and runner on the database and folder it is given. */
const [connectionString = '', home = ''] = process.argv.slice(2);
const { ports, queue, close } = await chaosPorts({
  ...{ connectionString, home },
  log: (event, fields) =>
    void process.stderr.write(`${process.pid} ${event} ${JSON.stringify(fields ?? {})}\n`),
});
const worker = await startWorker(ports, queue, { specs: registry });
process.once('SIGTERM', () => {
  void worker.stop().then(close);
});
process.stdout.write('ready\n');
