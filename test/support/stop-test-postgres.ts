import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Stops this run's server, and those of runs that were killed before they could. */
export default async function stopTestPostgres(): Promise<void> {
  const own = process.env['VITRINE_TEST_POSTGRES'];
  if (own === undefined) return;
  Reflect.deleteProperty(process.env, 'VITRINE_TEST_POSTGRES');
  const leftBehind = readdirSync(tmpdir()).filter((name) => {
    const [, pid] = /^vitrine-test-(\d+)-/.exec(name) ?? [];
    return pid !== undefined && !isAlive(Number(pid));
  });
  for (const home of [own, ...leftBehind.map((name) => join(tmpdir(), name))]) await removeServer(home);
}

async function removeServer(home: string): Promise<void> {
  const note = join(home, 'server-folder');
  const folder = existsSync(note) ? readFileSync(note, 'utf8') : join(home, 'postgres');
  const pidFile = join(folder, 'data', 'postmaster.pid');
  if (existsSync(pidFile)) {
    const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
    if (isAlive(pid)) process.kill(pid, 'SIGINT');
    for (let i = 0; i < 400 && existsSync(pidFile) && isAlive(pid); i += 1) await sleep(25);
  }
  rmSync(folder, { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
