import path from 'node:path';
import type { Row } from '../../flow/dataset.js';
import { checkedRow, jsonObject } from './row-checks.js';
import { linesOf } from './source-files.js';

/** Rows of a file with one JSON object a line; empty lines are skipped. */
export async function* jsonRows(file: string): AsyncGenerator<Row<Readonly<Record<string, unknown>>>> {
  for await (const { line, text } of linesOf(file)) {
    if (text.trim() === '') continue;
    yield checkedRow({ file: path.basename(file), line }, () => jsonObject(text));
  }
}
