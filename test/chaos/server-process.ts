import 'reflect-metadata';
import { createSignedUrls } from '../../src/infra/storage/signed-urls.js';
import { createReferenceUrls } from '../../src/infra/storage/reference-urls.js';
import { startServer } from '../../src/server.js';
import { chaosPorts } from './chaos-ports.js';
import { SECRET } from './secret.js';

/** An API server to restart: on the database and folder it is given, with room for a thousand clients of one address. */
const [connectionString = '', home = ''] = process.argv.slice(2);
const { ports, rankers, close } = await chaosPorts({
  ...{ connectionString, home },
  log: (event, fields) =>
    void process.stderr.write(`${process.pid} ${event} ${JSON.stringify(fields ?? {})}\n`),
});
const server = await startServer(
  {
    ...{ ports, rankers, media: createSignedUrls(SECRET), secret: SECRET, development: true },
    ...{ references: createReferenceUrls(SECRET), webhooks: {} },
    limits: { pointsPerMinute: 1e9, socketsPerCaller: 10_000 },
  },
  { port: 0, webRoot: home },
);
process.once('SIGTERM', () => {
  void server.close().then(close);
});
process.stdout.write(`${server.url}\n`);
