import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { childEnvironment } from '../config.js';
import { createJob } from '../flow/create-job.js';
import { followJob } from '../flow/follow-job.js';
import { seedDemo } from '../flow/seed-demo.js';
import type { CatalogueId } from '../domain/ids.js';
import { isFinished, type Job } from '../domain/job.js';
import { startServer } from '../server.js';
import { PROJECT_ROOT, type Deps } from '../wire.js';
import { progress } from './progress.js';

/** `npm start`: database, demo world, API, web and a worker, on one machine, until Ctrl-C. */
export async function startCommand(deps: Deps, signal: AbortSignal): Promise<void> {
  const { config } = deps;
  const { ports, mediaUrls: media, referenceUrls: references, webhooks, secret } = deps;
  const server = await startServer(
    {
      ports,
      rankers: ports.rankers,
      media,
      references,
      webhooks,
      secret,
      development: config.mode !== 'production',
    },
    { port: config.port, host: config.host, webRoot: join(PROJECT_ROOT, 'web', 'dist') },
  );
  const worker = startWorker(deps);
  try {
    say(`Vitrine\n  page      ${server.url}/\n  explorer  ${server.url}/graphql`);
    await prepare(deps, signal);
    say('Ready. Ctrl-C stops everything.');
    await stopped(signal, worker);
  } finally {
    say('Stopping …');
    await server.close();
    await stopWorker(worker);
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** First start: the demo world, then a ranker for it. Later starts find both and return at once. */
async function prepare(deps: Deps, signal: AbortSignal): Promise<void> {
  if (deps.config.demo === 'none') return;
  const bar = progress();
  const loading = {
    signal,
    onProgress: (stage: string, done: number, total: number | null) =>
      bar.show(`loading ${stage}`, done, total),
  };
  const catalogue = await seedDemo(deps.ports, deps.demo, loading);
  bar.end();
  const live = await deps.ports.stores.models.live('RANKER', catalogue.id);
  if (live !== null) return;
  say('The page answers from neighbours and popularity while the ranker is trained.');
  await trainOnce(deps, catalogue.id, signal);
}

/** Goes on with a training that an earlier start began, else begins one; one that ended well would only teach the same again. */
async function trainOnce(deps: Deps, catalogueId: CatalogueId, signal: AbortSignal): Promise<void> {
  const { ports } = deps;
  const earlier = await earlierTraining(ports, catalogueId);
  if (earlier?.status === 'SUCCEEDED') {
    say(await outcomeOf(ports, catalogueId, 'SUCCEEDED'));
    return;
  }
  const job =
    earlier !== null && !isFinished(earlier.status) ? earlier : await newTraining(deps, catalogueId);
  const bar = progress();
  for await (const event of followJob(ports, job.id, 0n, signal)) {
    if (event.kind === 'PROGRESSED') bar.show(event.stage, Math.round(event.progress * 100), 100);
    if (event.kind === 'FINISHED') bar.end(await outcomeOf(ports, catalogueId, event.status));
  }
}

async function earlierTraining({ stores }: Deps['ports'], catalogueId: CatalogueId): Promise<Job | null> {
  const latest = await stores.jobs.latest('train-ranker');
  const { catalogueId: trained } = (latest?.payload ?? {}) as { catalogueId?: CatalogueId };
  return trained === catalogueId ? latest : null;
}

function newTraining({ ports, config }: Deps, catalogueId: CatalogueId): Promise<Job> {
  const payload = { catalogueId, seed: 1, budgetSeconds: config.trainSeconds };
  const job = { name: 'train-ranker', personId: null, payload, deadline: null } as const;
  return ports.transaction((tx) => createJob(tx, ports, job));
}

async function outcomeOf(ports: Deps['ports'], catalogueId: CatalogueId, status: string): Promise<string> {
  const live = await ports.stores.models.live('RANKER', catalogueId);
  if (live !== null) return `The trained ranker answers now: ${live.family} ${live.version}. ${live.card}`;
  if (status === 'SUCCEEDED')
    return 'The trained ranker did not beat popularity and was not promoted; the baseline goes on answering.';
  return `Training ended as ${status}; the baseline goes on answering. Try again with: npm run train -- --catalogue demo`;
}

function startWorker({ config, connectionString, secret }: Deps): ChildProcess {
  return spawn(process.execPath, [join(PROJECT_ROOT, 'dist', 'workers', 'main.js')], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: childEnvironment(config, { connectionString, secret }),
  });
}

/** A worker that dies is news: the page still answers, but nothing would be generated any more. */
async function stopped(signal: AbortSignal, worker: ChildProcess): Promise<void> {
  if (signal.aborted) return;
  const aborted = new Promise<void>((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  const died = once(worker, 'exit').then(([code]) => {
    if (!signal.aborted) throw new Error(`the worker ended by itself with code ${String(code)}`);
  });
  await Promise.race([aborted, died]);
}

async function stopWorker(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const gone = once(worker, 'exit');
  worker.kill('SIGTERM');
  await gone;
}
