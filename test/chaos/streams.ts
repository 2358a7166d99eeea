import type { ChildProcess } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobId } from '../../src/domain/ids.js';
import { seededRandom } from '../../src/domain/random.js';
import type { Stores } from '../../src/flow/ports/stores.js';
import { openDatabase } from '../../src/infra/database/database.js';
import { systemClock } from '../../src/infra/system-clock.js';
import { uuidIds } from '../../src/infra/uuid-ids.js';
import { newJob } from '../support/world.js';
import { auditEvents, type Read } from './audit-events.js';
import { readToEnd } from './client.js';
import { openSite, type Site } from './open-site.js';
import { ids } from './secret.js';
import { endProcess, startProcess } from './start-process.js';

export interface StreamOptions {
  readonly seed: number;
  readonly clients: number;
  readonly jobs: number;
  /** Events of each job between its start and its end. */
  readonly events: number;
  /** Between two events of a job, ms. */
  readonly everyMs: number;
  /** Chance that a reader tears its socket after an event. */
  readonly tear: number;
  /** Whether one of the two servers is restarted half-way. */
  readonly restart: boolean;
}

/** Clients on two servers follow jobs whose logs grow; then what they saw is compared with the logs. */
export async function streams(options: StreamOptions): Promise<Record<string, number>> {
  const site = await openSite(options.jobs);
  const over = new AbortController();
  setMaxListeners(0, over.signal); // every reader listens
  const servers = await Promise.all([0, 1].map(() => startProcess('server-process', site.args, site.log)));
  const writer = openWriter(site);
  try {
    const jobs = await createJobs(writer.stores, site, options.jobs);
    const idle = rss(servers);
    const reading = Array.from({ length: options.clients }, async (_, i): Promise<Read> => {
      const { jobId, person } = jobs[i % jobs.length] as JobOf;
      const random = seededRandom(options.seed).fork(`reader ${i}`);
      const addresses = servers.map((__, place) => () => servers[place]?.line ?? '');
      const parts = { servers: addresses, random, person, jobId: ids.seal('Job', jobId), tear: options.tear };
      return { jobId: parts.jobId, ...(await readToEnd(parts, over.signal)) };
    });
    await sleep(2_000 + 20 * options.clients); // all are connected, or will be soon
    const busy = rss(servers);
    const half = Math.floor(options.events / 2);
    await writeEvents(writer.stores, jobs, { from: 0, to: half, everyMs: options.everyMs });
    const restarting = options.restart ? restart(servers, site) : Promise.resolve();
    await writeEvents(writer.stores, jobs, { from: half, to: options.events, everyMs: options.everyMs });
    await restarting;
    for (const { jobId } of jobs)
      await writer.stores.jobs.finish(jobId, 1, { status: 'SUCCEEDED' }, new Date());
    const stuck = setTimeout(() => over.abort(), 60_000);
    const reads = await Promise.all(reading);
    clearTimeout(stuck);
    const figures = {
      clients: options.clients,
      ...(await auditEvents(site.query, reads)),
      ...delays(reads, options),
    };
    return { ...figures, kbPerSocket: (busy - idle) / options.clients };
  } finally {
    over.abort();
    await Promise.all(servers.map(({ child }) => endProcess(child, 'SIGKILL')));
    await writer.close();
    await site.close();
  }
}

interface JobOf {
  readonly jobId: JobId;
  readonly person: string;
}

function openWriter({ connectionString }: Site) {
  const queue = { send: () => Promise.reject(new Error('nobody works here')) };
  return openDatabase({ connectionString, ids: uuidIds(), clock: systemClock, queue });
}

async function createJobs(stores: Stores, { people }: Site, count: number): Promise<JobOf[]> {
  const jobs: JobOf[] = [];
  for (const person of people.slice(0, count)) {
    const owner = await stores.people.byExternalId(person);
    const { id } = await stores.jobs.create(newJob(owner?.id ?? null));
    await stores.jobs.start(id, new Date());
    jobs.push({ jobId: id, person });
  }
  return jobs;
}

/** One event of every job, then the next, evenly over the time. */
async function writeEvents(
  stores: Stores,
  jobs: readonly JobOf[],
  { from, to, everyMs }: { readonly from: number; readonly to: number; readonly everyMs: number },
): Promise<void> {
  for (let i = from; i < to; i++) {
    for (const { jobId } of jobs) {
      const event = { kind: 'PROGRESSED', progress: 0.5, stage: `step ${i}`, previewHash: null } as const;
      await stores.jobs.progress(jobId, 1, event, new Date());
      await sleep(everyMs / jobs.length);
    }
  }
}

async function restart(servers: { child: ChildProcess; line: string }[], { args, log }: Site): Promise<void> {
  const [first] = servers;
  if (first === undefined) return;
  await endProcess(first.child, 'SIGTERM');
  servers[0] = await startProcess('server-process', args, log);
}

/** From commit to receipt, and the longest that a reader heard nothing although something was said. */
function delays(reads: readonly Read[], { everyMs }: StreamOptions): Record<string, number> {
  const late = reads
    .flatMap(({ received }) => received.slice(1).map(({ at, happened }) => at - happened))
    .sort((a, b) => a - b);
  const quantile = (q: number): number => late[Math.min(late.length - 1, Math.floor(q * late.length))] ?? NaN;
  const slowest = (late.at(-1) ?? NaN) / 1000;
  return { eventP50Ms: quantile(0.5), eventP95Ms: quantile(0.95), slowestSeconds: slowest, everyMs };
}

/** Resident memory of these processes together, kB. */
function rss(processes: readonly { child: ChildProcess }[]): number {
  const of = ({ child }: { child: ChildProcess }): number => {
    const status = readFileSync(`/proc/${child.pid ?? 0}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? NaN);
  };
  return processes.map(of).reduce((sum, kb) => sum + kb, 0);
}
