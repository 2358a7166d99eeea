import { createHash } from 'node:crypto';
import { mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The user `nobody`: Postgres refuses to run as root, and this one exists everywhere. */
export const NOBODY = 65534;

const OTHERS_MAY_PASS = 0o001;

/** Who the server runs as: ourselves, or nobody when we are root. */
export function serverUser(): { readonly uid: number; readonly gid: number } | null {
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : null;
}

/** May the server's user walk down to this folder? A home of mode 700 above it says no. */
export function isPassable(folder: string): boolean {
  if (serverUser() === null) return true;
  for (let path = resolve(folder); path !== dirname(path); path = dirname(path)) {
    const { mode, uid } = statSync(path);
    if (uid !== NOBODY && (mode & OTHERS_MAY_PASS) === 0) return false;
  }
  return true;
}

/** The wished folder (made if missing), or one of our own that the server's user can reach, the same at every start. */
export function passableFolder(wished: string): string {
  mkdirSync(wished, { recursive: true });
  if (isPassable(wished)) return wished;
  const name = createHash('sha256').update(resolve(wished)).digest('hex').slice(0, 12);
  const instead = join('/var/lib', `vitrine-${name}`);
  mkdirSync(instead, { recursive: true, mode: 0o755 });
  return instead;
}
