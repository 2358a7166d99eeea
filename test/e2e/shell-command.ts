import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 100;

/** A command line in a shell and process group of its own, as in a terminal. */
export interface ShellCommand {
  /** All it printed so far, errors too. */
  output(): string;
  /** The first match in what it prints; fails when it ends without one. */
  line(pattern: RegExp, withinMs: number): Promise<RegExpExecArray>;
  /** Waits for something outside that it brings about; a condition that throws is not met yet. */
  until(condition: () => boolean | Promise<boolean>, withinMs: number): Promise<void>;
  /** Ctrl-C, or another signal, to the whole group as a terminal sends it. */
  interrupt(signal?: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void;
  /** Exit code of the shell once nothing of its group is alive; null when a signal ended it. */
  ended(withinMs: number): Promise<number | null>;
}

/** `settings` are all that it knows of Vitrine: nothing is taken over from the test run around it. */
export function shellCommand(line: string, settings: Readonly<Record<string, string>>): ShellCommand {
  const child = spawn('sh', ['-c', line], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...cleanEnvironment(), ...settings },
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  }
  const group = child.pid ?? 0;
  const alive = () =>
    membersOf(group)
      .map(({ commandLine }) => commandLine)
      .join('\n');
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const until: ShellCommand['until'] = async (condition, withinMs) => {
    const end = performance.now() + withinMs;
    while (performance.now() < end) {
      if (
        await Promise.resolve()
          .then(condition)
          .catch(() => false)
      )
        return;
      if (hasEnded() && membersOf(group).length === 0)
        throw new Error(`${line}\nended too early:\n${printed}`);
      await sleep(LOOK_EVERY_MS);
    }
    throw new Error(`${line}\nwas waited for in vain for ${withinMs / 1000} s:\n${printed}`);
  };
  return {
    output: () => printed,
    until,
    async line(pattern, withinMs) {
      const found = () => new RegExp(pattern).exec(printed);
      await until(() => found() !== null, withinMs);
      return found() as RegExpExecArray;
    },
    interrupt(signal = 'SIGINT') {
      if (membersOf(group).length > 0 || !hasEnded()) process.kill(-group, signal);
    },
    async ended(withinMs) {
      const end = performance.now() + withinMs;
      while (performance.now() < end) {
        if (hasEnded() && membersOf(group).length === 0) return child.exitCode;
        await sleep(LOOK_EVERY_MS);
      }
      throw new Error(`${line}\ndid not end within ${withinMs / 1000} s:\n${alive()}\n${printed}`);
    },
  };
}

/** Jest's own NODE_ENV and NODE_OPTIONS, and settings of whoever runs the tests, are not those of a stranger. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(VITRINE_|REPLICATE_|DATABASE_URL$|NODE_ENV$|NODE_OPTIONS$|PORT$|HOST$|JEST_)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

interface Living {
  readonly pid: number;
  readonly group: number;
  readonly commandLine: string;
}

/** The living processes that `wanted` accepts, by /proc; empty where there is no /proc. */
function processes(wanted: (one: Living) => boolean): Living[] {
  const pids = existsSync('/proc') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  return pids.flatMap((name) => {
    try {
      const commandLine = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const one = { pid: Number(name), group: Number(group), commandLine };
      return state !== 'Z' && wanted(one) ? [one] : [];
    } catch {
      return []; // it ended between the reads
    }
  });
}

const membersOf = (wanted: number): Living[] => processes(({ group }) => group === wanted);

/** Living processes that name this folder, such as its database server. */
export function processesOn(folder: string): Living[] {
  return processes(({ commandLine }) => commandLine.includes(folder));
}
