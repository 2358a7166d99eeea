import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

export interface Started {
  readonly child: ChildProcess;
  /** The first line that it printed. */
  readonly line: string;
}

/** Runs a compiled program of test/chaos until its first line; what it logs goes to `log`. */
export async function startProcess(
  program: 'worker-process' | 'server-process',
  args: readonly string[],
  log: string,
): Promise<Started> {
  const file = join(process.cwd(), 'dist', 'test', 'chaos', `${program}.js`);
  if (!existsSync(file)) throw new Error('run `npm run build` first: chaos is done to compiled processes');
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', openSync(log, 'a')] });
  const [first] = (await Promise.race([
    once(child.stdout as Readable, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error(`${program} did not start: see ${log}`))),
  ])) as [Buffer];
  return { child, line: first.toString().trim() };
}

/** Ends it with this signal and waits until it has gone. */
export async function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}
