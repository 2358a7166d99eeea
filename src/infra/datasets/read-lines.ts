import { createReadStream, existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DomainError } from '../../domain/errors.js';

export interface SourceFile {
  /** Name as the person knows it, for messages. */
  readonly name: string;
  readonly path: string;
}

/** The file with this name in the folder, plain or gzipped; null when neither is there. */
export function findFile(folder: string, name: string): SourceFile | null {
  for (const candidate of [name, `${name}.gz`]) {
    const full = path.join(folder, candidate);
    if (existsSync(full)) return { name: candidate, path: full };
  }
  return null;
}

/** Like `findFile`, for files without which the format makes no sense. */
export function requireFile(folder: string, name: string): SourceFile {
  assertFolder(folder);
  const found = findFile(folder, name);
  if (found !== null) return found;
  throw new DomainError('NOT_FOUND', `${name} or ${name}.gz was wanted in ${folder}, neither is there`, {
    path: ['path'],
  });
}

function assertFolder(folder: string): void {
  if (existsSync(folder) && statSync(folder).isDirectory()) return;
  throw new DomainError('NOT_FOUND', `a folder was wanted, ${folder} is none`, { path: ['path'] });
}

/** The bytes of a file as text, decompressed where its name ends in .gz. */
export function openText({ path: file }: SourceFile, encoding: 'utf8' | 'latin1' = 'utf8'): Readable {
  const bytes = createReadStream(file);
  if (!file.endsWith('.gz')) return bytes.setEncoding(encoding);
  const text = bytes.pipe(createGunzip());
  bytes.on('error', (error) => text.destroy(error));
  return text.setEncoding(encoding);
}

/** Lines with their numbers from 1; a carriage return at the end and empty lines are dropped. */
export async function* readLines(
  file: SourceFile,
  encoding: 'utf8' | 'latin1' = 'utf8',
): AsyncGenerator<{ readonly line: number; readonly text: string }> {
  const input = openText(file, encoding);
  let line = 0;
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    line += 1;
    if (text.trim() !== '') yield { line, text };
  }
}
