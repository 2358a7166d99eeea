import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Linux counts processor time in hundredths of a second. */
const MS_PER_TICK = 10;

/** Processor time of a Postgres server and all its backends, those that ended included, in ms; null where there is no /proc. */
export function serverProcessorMs(folder: string): number | null {
  if (!existsSync('/proc/self/stat')) return null;
  const postmaster = Number(readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
  const own = statOf(postmaster);
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => statOf(Number(pid)))
    .filter((stat) => stat?.parent === postmaster);
  return [own, ...children].reduce((sum, stat) => sum + (stat?.ms ?? 0), 0);
}

/** Fields of proc(5) behind the name, which may hold spaces: 4 is the parent, 14 to 17 are the times, waited-for children last. */
function statOf(pid: number): { readonly parent: number; readonly ms: number } | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null; // it ended since we listed it
  }
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const ticks = fields.slice(11, 15).reduce((sum, value) => sum + value, 0);
  return { parent: fields[1] ?? 0, ms: ticks * MS_PER_TICK };
}
