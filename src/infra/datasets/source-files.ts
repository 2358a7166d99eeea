import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DomainError } from '../../domain/errors.js';

export type Encoding = 'utf8' | 'latin1';

/** A line without its end; lines count from 1. */
export interface SourceLine {
  readonly line: number;
  readonly text: string;
}

/** Longer lines are not text in rows; reading on would only fill the memory. */
const LONGEST_LINE = 16 * 1024 * 1024;

/** The files of a folder that a format is made of, plain or gzipped; refuses a folder that lacks a required one. */
export async function findFiles<Name extends string>(
  folder: string,
  format: string,
  { required, optional = [] }: { required: readonly Name[]; optional?: readonly Name[] },
): Promise<Partial<Record<Name, string>>> {
  const present = new Set(await entriesOf(folder, format));
  const pathOf = (name: string) => [name, `${name}.gz`].find((one) => present.has(one));
  const missing = required.filter((name) => pathOf(name) === undefined);
  if (missing.length > 0)
    throw refused(format, `${required.join(', ')} (or .gz) in ${folder}`, missingText(missing));
  const found: Partial<Record<Name, string>> = {};
  for (const name of [...required, ...optional]) {
    const file = pathOf(name);
    if (file !== undefined) found[name] = path.join(folder, file);
  }
  return found;
}

const missingText = (missing: readonly string[]) =>
  `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`;

async function entriesOf(folder: string, format: string): Promise<string[]> {
  const info = await stat(folder).catch(() => null);
  if (info === null) throw refused(format, 'a path that exists', `"${folder}" does not`);
  if (!info.isDirectory()) throw refused(format, 'a folder', `"${folder}" is a file`);
  return readdir(folder);
}

export function refused(format: string, wanted: string, came: string): DomainError {
  return new DomainError('INVALID_INPUT', `${format}: ${wanted} was wanted, ${came}`, { path: ['path'] });
}

/** Bytes of a file, unpacked if its name ends in .gz. A broken archive ends the stream with an error that names the file. */
export function openSource(file: string): Readable {
  const raw = createReadStream(file);
  if (!file.endsWith('.gz')) return raw;
  const unpacked = createGunzip();
  pipeline(raw, unpacked, () => undefined); // an error reaches whoever reads `unpacked`
  return unpacked;
}

/** Lines of a text file, streamed; the memory is one chunk and one line. */
export async function* linesOf(file: string, encoding: Encoding = 'utf8'): AsyncGenerator<SourceLine> {
  const source = openSource(file).setEncoding(encoding);
  let [rest, line] = ['', 0];
  try {
    for await (const chunk of source as AsyncIterable<string>) {
      const pieces = (rest + chunk).split('\n');
      rest = pieces.pop() ?? '';
      if (rest.length > LONGEST_LINE)
        throw unreadable(file, `a line of more than ${LONGEST_LINE} characters`);
      for (const text of pieces) yield { line: ++line, text: withoutReturn(text) };
    }
  } catch (error) {
    throw error instanceof DomainError ? error : unreadable(file, messageOf(error), error);
  }
  if (rest !== '') yield { line: line + 1, text: withoutReturn(rest) };
}

const withoutReturn = (text: string) => (text.endsWith('\r') ? text.slice(0, -1) : text);

export function unreadable(file: string, came: string, cause?: unknown): DomainError {
  const message = `${path.basename(file)}: a readable file was wanted, ${came} came`;
  return new DomainError('INVALID_INPUT', message, { path: ['path'], cause });
}

export function messageOf(error: unknown): string {
  return String((error as { message?: unknown }).message ?? error);
}

/** Files up to this size are counted before they are read, for the progress bar; counting one takes a fraction of a second. */
const COUNTED_BYTES = 64 * 1024 * 1024;

/** Number of things in a file, or null where counting would take long. */
export async function countIn(file: string, count: (chunk: Buffer) => number): Promise<number | null> {
  if ((await stat(file)).size > COUNTED_BYTES) return null;
  let total = 0;
  try {
    for await (const chunk of openSource(file)) total += count(chunk as Buffer);
  } catch {
    return null; // a broken file is reported where it is read
  }
  return total;
}

export function newlines(chunk: Buffer): number {
  let [count, at] = [0, -1];
  while ((at = chunk.indexOf(10, at + 1)) !== -1) count++;
  return count;
}
