import type { ChildProcess } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom, shuffled, type Random } from '../../src/domain/random.js';
import { type Asked, auditJobs } from './audit-jobs.js';
import { POISON } from './chaos-ports.js';
import { insist, readToEnd, type Servers } from './client.js';
import { openSite, type Site } from './open-site.js';
import { endProcess, type Started, startProcess } from './start-process.js';

export interface StormOptions {
  readonly seed: number;
  /** `kill -9` of a worker. */
  readonly kills: number;
  /** Stops of Postgres. */
  readonly restarts: number;
  /** Connections to Postgres cut. */
  readonly cuts: number;
  /** Rolling restarts of an API server. */
  readonly serverRestarts: number;
  /** Mean time between two of these. */
  readonly everyMs: number;
  /** Jobs that wait or run at a time. */
  readonly open: number;
}

type Blow = 'kill' | 'restart' | 'cut' | 'serverRestart';

const WORKERS = 3;
const SERVERS = 2;
/** Times that a process may begin in vain, one after the other. */
const MOST_STARTS = 10;
/** A killed worker's job is tried again after 12 s of silence, several times at worst. */
const SETTLE_MS = 150_000;

/**
 * Jobs are sent, followed and cancelled over the API while workers are killed, Postgres stops, connections break and servers
 * restart at random moments; then everything is counted. All figures but jobs, events, sockets that broke and the blows must be 0.
 */
export async function storm(options: StormOptions): Promise<Record<string, number>> {
  const random = seededRandom(options.seed);
  const site = await openSite(Math.ceil(options.open / 4) + 4);
  const fleet = await startFleet(site, random.fork('fleet'));
  const over = new AbortController();
  setMaxListeners(0, over.signal); // every reader listens
  const isBlowing = { now: true };
  try {
    const clients = Array.from({ length: options.open }, (_, i) =>
      client(site, {
        servers: fleet.servers,
        random: random.fork(`client ${i}`),
        isBlowing,
        over: over.signal,
      }),
    );
    await blow(fleet, site, options);
    isBlowing.now = false;
    const calmAt = performance.now();
    const asked = (await Promise.race([Promise.all(clients), giveUp(over, clients)])).flat();
    const settleSeconds = (performance.now() - calmAt) / 1000;
    const { kills, restarts, cuts, serverRestarts } = options;
    const figures = await auditJobs(site, asked);
    const ofFleet = { crashes: fleet.crashes(), failedStarts: fleet.failedStarts() };
    return { kills, restarts, cuts, serverRestarts, ...figures, ...ofFleet, settleSeconds };
  } finally {
    over.abort();
    await fleet.stop();
    await site.close();
  }
}

/** Readers that are still waiting then show as lost events, and their jobs as stuck. */
async function giveUp<T>(over: AbortController, clients: readonly Promise<T>[]): Promise<T[]> {
  await sleep(SETTLE_MS, undefined, { ref: false });
  over.abort();
  return Promise.all(clients);
}

interface ClientParts {
  readonly servers: Servers;
  readonly random: Random;
  readonly isBlowing: { readonly now: boolean };
  readonly over: AbortSignal;
}

/** One job after the other while the storm lasts: sent until it is answered, now and then cancelled, followed to its end. */
async function client(site: Site, { servers, random, isBlowing, over }: ClientParts): Promise<Asked[]> {
  const asked: Asked[] = [];
  while (isBlowing.now || asked.length === 0) {
    const person = site.people[random.int(site.people.length)] ?? '';
    const isPoison = random.next() < 0.05;
    const job = { person, count: 1 + random.int(3), isPoison };
    const jobId = await send({ servers, random }, job);
    if (jobId === null) {
      await sleep(200); // this person has 8 jobs open
      continue;
    }
    const reading = readToEnd({ servers, random, person, jobId, tear: 0.15 }, over);
    if (random.next() < 0.05) {
      await sleep(random.int(2_000));
      await insist(servers, random, { query: CANCEL, variables: { id: jobId }, person });
    }
    asked.push({ jobId, ...job, ...(await reading) });
  }
  return asked;
}

const CANCEL = 'mutation($id: ID!) { cancelJob(id: $id) { __typename } }';
const GENERATE = `mutation($input: GenerateInput!) {
  generate(input: $input) { ... on GeneratePayload { job { id } } }
}`;

async function send(
  { servers, random }: Pick<ClientParts, 'servers' | 'random'>,
  { person, count, isPoison }: { person: string; count: number; isPoison: boolean },
): Promise<string | null> {
  const brief = isPoison ? POISON : 'a grey fox';
  const idempotencyKey = `storm-key-${random.int(2 ** 31)}-${random.int(2 ** 31)}`;
  const input = { idempotencyKey, brief, count, personalise: false, seed: random.int(10_000) };
  const { generate } = await insist<{ generate: { job?: { id: string } } }>(servers, random, {
    ...{ query: GENERATE, variables: { input }, person },
  });
  return generate.job?.id ?? null;
}

async function blow(fleet: Fleet, site: Site, options: StormOptions): Promise<void> {
  const { kills, restarts, cuts, serverRestarts, everyMs, seed } = options;
  const random = seededRandom(seed).fork('blows');
  const of = (blow: Blow, count: number): Blow[] => Array<Blow>(count).fill(blow);
  const all = [
    ...[of('kill', kills), of('restart', restarts), of('cut', cuts), of('serverRestart', serverRestarts)],
  ].flat();
  for (const one of shuffled(all, random)) {
    await sleep(random.int(2 * everyMs));
    if (one === 'kill') await fleet.killWorker();
    else if (one === 'serverRestart') await fleet.restartServer();
    else if (one === 'restart') await site.restartPostgres();
    else await site.cutConnection().catch(() => false);
  }
}

interface Fleet {
  readonly servers: Servers;
  killWorker(): Promise<void>;
  restartServer(): Promise<void>;
  /** Processes that ended although nobody ended them. */
  crashes(): number;
  /** Processes that ended before they were ready and were begun again. */
  failedStarts(): number;
  stop(): Promise<void>;
}

/** Workers and servers, each replaced at once when it has gone. */
async function startFleet({ args, log }: Site, random: Random): Promise<Fleet> {
  const ended = new WeakSet<ChildProcess>();
  let [crashes, failedStarts] = [0, 0];
  /** As a supervisor does it: what ends before it is ready, because Postgres was down as it began, is begun again. */
  const start = async (program: 'worker-process' | 'server-process'): Promise<Started> => {
    for (let tries = 1; ; tries++) {
      try {
        const started = await startProcess(program, args, log);
        started.child.once('exit', () => {
          if (!ended.has(started.child)) crashes += 1;
        });
        return started;
      } catch (error) {
        if (tries === MOST_STARTS) throw error;
        failedStarts += 1;
        await sleep(1_000);
      }
    }
  };
  const times = <T>(count: number, make: () => Promise<T>) =>
    Promise.all(Array.from({ length: count }, make));
  const workers = await times(WORKERS, () => start('worker-process'));
  const servers = await times(SERVERS, () => start('server-process'));
  const end = (child: ChildProcess, signal: NodeJS.Signals) => {
    ended.add(child);
    return endProcess(child, signal);
  };
  const isAlive = ({ child }: Started) => child.exitCode === null && child.signalCode === null;
  const starting = new Set<Promise<void>>();
  /** Its replacement starts beside what follows; a kill waits until two are alive, else nothing would ever be in hand. */
  const killWorker = async (): Promise<void> => {
    while (workers.filter(isAlive).length < 2) await Promise.race(starting);
    const [victim] = shuffled(workers.filter(isAlive), random);
    if (victim === undefined) return;
    await end(victim.child, 'SIGKILL');
    const replacing = start('worker-process').then((started) => {
      workers[workers.indexOf(victim)] = started;
      starting.delete(replacing);
    });
    starting.add(replacing);
  };
  const restartServer = async (): Promise<void> => {
    const place = random.int(servers.length);
    const child = servers[place]?.child;
    if (child === undefined) return;
    await end(child, 'SIGTERM');
    servers[place] = await start('server-process');
  };
  return {
    servers: servers.map((_, place) => () => servers[place]?.line ?? ''),
    killWorker,
    restartServer,
    crashes: () => crashes,
    failedStarts: () => failedStarts,
    async stop() {
      await Promise.all(starting);
      const all = [...workers, ...servers].map(({ child }) => child);
      await Promise.all(all.map((child) => end(child, 'SIGKILL')));
    },
  };
}
