import type { Row } from '../../flow/dataset.js';
import { BadRow } from './row-check.js';

interface Place {
  readonly file: string;
  readonly line: number;
}

/** A row from a function that may find it wanting; anything else that is thrown is a bug and flies. */
export function rowOf<T>({ file, line }: Place, read: () => T): Row<T> {
  try {
    return { file, line, ok: true, value: read() };
  } catch (error) {
    if (error instanceof BadRow) return { file, line, ok: false, reason: error.message };
    throw error;
  }
}

/**
 * Strictly ordered times for sources that only know the order: the i-th event of every person is at 2014-01-01 plus i
 * minutes. Leave-one-out needs no more; time splits on such a set would mean nothing and are not offered.
 */
export function orderedTime(index: number): Date {
  return new Date(Date.UTC(2014, 0, 1) + index * 60_000);
}
