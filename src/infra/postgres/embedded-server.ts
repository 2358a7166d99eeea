import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { passableFolder, serverUser } from './passable-folder.js';
import { type PostgresBinaries, postgresBinaries } from './postgres-binaries.js';

export interface EmbeddedServer {
  /** Holds the data, the log and, where the path is short enough, the socket. */
  readonly folder: string;
  readonly socketFolder: string;
}

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;
/** Two processes that start at once may lose to each other; three losses are a reason. */
const MOST_STARTS = 3;
/** The kernel allows 107 bytes (103 on macOS) for a socket's path; Postgres appends its own name. */
const LONGEST_SOCKET_FOLDER = 100 - '/.s.PGSQL.5432'.length;

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '',
  shared_buffers: '64MB',
  max_connections: '200',
  io_method: 'sync',
  jit: 'off',
  timezone: 'UTC',
};

/** Starts the server of this home, or finds the one that runs already; safe to call from several processes at once. */
export async function startServer(
  home: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<EmbeddedServer> {
  const folder = passableFolder(join(home, 'postgres'));
  const server = { folder, socketFolder: ownFolder(socketFolderFor(folder)) };
  if (await answers(server)) return server;
  const binaries = await postgresBinaries(home);
  if (!existsSync(join(folder, 'data', 'PG_VERSION'))) initialise(binaries, folder);
  await launch(server, binaries, { ...SETTINGS, ...settings });
  return server;
}

/** Fast shutdown: running transactions are rolled back, the next start needs no recovery. */
export async function stopServer({ folder }: EmbeddedServer): Promise<void> {
  const pid = runningPid(folder);
  if (pid === null) return;
  process.kill(pid, 'SIGINT');
  const until = performance.now() + STOP_TIMEOUT_MS;
  while (runningPid(folder) === pid) {
    if (performance.now() > until)
      throw new Error(`Postgres (pid ${pid}) did not stop in ${STOP_TIMEOUT_MS} ms`);
    await sleep(20);
  }
}

/** An address that pg, Prisma and pg-boss all understand; the host is the socket's folder. */
export function connectionStringOf({ socketFolder }: EmbeddedServer, database: string): string {
  return `postgresql://postgres@localhost/${database}?host=${encodeURIComponent(socketFolder)}`;
}

function socketFolderFor(folder: string): string {
  const wished = join(resolve(folder), 'socket');
  if (Buffer.byteLength(wished) <= LONGEST_SOCKET_FOLDER) return wished;
  const name = createHash('sha256').update(wished).digest('hex').slice(0, 12);
  return join(tmpdir(), `vitrine-${name}`);
}

/** A folder that only the server's user may enter: whoever can reach the socket is the database's owner. */
function ownFolder(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const user = serverUser();
  if (user !== null) chownSync(path, user.uid, user.gid);
  const owner = user?.uid ?? process.getuid?.();
  if (statSync(path).uid !== owner) throw new Error(`${path} belongs to somebody else`);
  chmodSync(path, 0o700);
  return path;
}

async function answers(server: EmbeddedServer): Promise<boolean> {
  const client = new pg.Client({
    connectionString: connectionStringOf(server, 'postgres'),
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => undefined); // the failed connect below says the same
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Makes the cluster beside its place and renames it, so that a killed first start leaves nothing half-made. */
function initialise({ initdb }: PostgresBinaries, folder: string): void {
  const half = join(folder, `data.${process.pid}`);
  rmSync(half, { recursive: true, force: true });
  ownFolder(half);
  const { status, stderr, error } = spawnSync(
    initdb,
    [
      ...['-D', half, '-U', 'postgres', '--auth=trust', '--encoding=UTF8'],
      ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
    ],
    { ...serverUser(), cwd: half, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`initdb failed: ${stderr || String(error)}`);
  try {
    renameSync(half, join(folder, 'data'));
  } catch (error) {
    if (!existsSync(join(folder, 'data', 'PG_VERSION'))) throw error;
    rmSync(half, { recursive: true });
  }
}

async function launch(
  server: EmbeddedServer,
  { postgres }: PostgresBinaries,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const until = performance.now() + START_TIMEOUT_MS;
  let child: ChildProcess | null = null;
  let starts = 0;
  while (!(await answers(server))) {
    // a server that is just stopping, or that another process has just started, keeps us waiting, not failing
    const isOursStarting = child !== null && child.exitCode === null && child.signalCode === null;
    if (!isOursStarting && runningPid(server.folder) === null) {
      if (starts === MOST_STARTS) break;
      removeForeignPidFile(server.folder);
      child = spawnServer(server, postgres, settings);
      starts += 1;
    }
    if (performance.now() > until) break;
    await sleep(50);
  }
  if (!(await answers(server))) throw new Error(`Postgres did not start:\n${lastLines(server.folder)}`);
}

function spawnServer(
  server: EmbeddedServer,
  postgres: string,
  settings: Readonly<Record<string, string>>,
): ChildProcess {
  const data = join(server.folder, 'data');
  const log = openSync(join(server.folder, 'server.log'), 'a');
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // detached: a Ctrl-C in the terminal is for us; the server stops when the last of us has gone
  const child = spawn(postgres, ['-D', data, '-k', server.socketFolder, ...options], {
    ...serverUser(),
    cwd: data,
    detached: true,
    stdio: ['ignore', log, log],
  });
  child.on('error', () => undefined); // shows as a server that does not answer
  child.unref();
  closeSync(log);
  return child;
}

/** The postmaster of this folder, if it is alive; null for a file left behind, also when its number is somebody else's now. */
export function runningPid(folder: string): number | null {
  const pid = pidOnFile(folder);
  return pid !== null && commandOf(pid).includes(join(folder, 'data')) ? pid : null;
}

/** Postgres itself clears the file of a dead process, but believes in one whose number was given to another program. */
function removeForeignPidFile(folder: string): void {
  const pid = pidOnFile(folder);
  if (pid === null || commandOf(pid) === '' || runningPid(folder) !== null) return;
  rmSync(join(folder, 'data', 'postmaster.pid'), { force: true });
}

function pidOnFile(folder: string): number | null {
  const pid = Number.parseInt(textIfThere(join(folder, 'data', 'postmaster.pid')) ?? '', 10);
  return Number.isInteger(pid) && pid > 0 ? pid : null;
}

/** Null where the file is not, or is removed in this moment, as by a server that stops. */
function textIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** The command line of a living process, empty for none (and for one that has ended but was not yet collected). */
function commandOf(pid: number): string {
  if (process.platform !== 'linux') {
    return spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).stdout.trim();
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

function lastLines(folder: string): string {
  const file = join(folder, 'server.log');
  return textIfThere(file)?.split('\n').slice(-20).join('\n') ?? '(no log)';
}
