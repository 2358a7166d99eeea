import path from 'node:path';
import { pipeline } from 'node:stream';
import { type CsvError, type Info, parse } from 'csv-parse';
import type { Row } from '../../flow/dataset.js';
import { messageOf, openSource, unreadable } from './source-files.js';

export type Cells = Readonly<Record<string, string>>;

interface ParsedRow {
  readonly record: readonly string[];
  readonly info: Info;
}

/** Rows of a CSV file with a header line (RFC 4180, UTF-8, with or without byte order mark), streamed, as cells by column name. */
export async function* csvRows(file: string): AsyncGenerator<Row<Cells>> {
  const name = path.basename(file);
  const broken: Row<Cells>[] = [];
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    relax_quotes: true, // a stray quote is text; strict parsing would lose every row after it
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: 4 * 1024 * 1024,
    on_skip: (error) => void broken.push(skipped(name, error)),
  });
  pipeline(openSource(file), parser, () => undefined); // an error reaches the loop below; leaving it closes the file
  let header: readonly string[] | null = null;
  try {
    for await (const { record, info } of parser as AsyncIterable<ParsedRow>) {
      yield* broken.splice(0);
      if (header === null) header = record.map((column) => column.trim());
      else yield rowOf({ file: name, line: info.lines }, header, record);
    }
  } catch (error) {
    throw unreadable(file, messageOf(error), error);
  }
  yield* broken;
}

function rowOf(
  place: { file: string; line: number },
  header: readonly string[],
  record: readonly string[],
): Row<Cells> {
  if (record.length !== header.length) {
    const reason = `row: ${header.length} columns were wanted, ${record.length} came`;
    return { ...place, ok: false, reason };
  }
  return {
    ...place,
    ok: true,
    value: Object.fromEntries(header.map((column, c) => [column, record[c] ?? ''])),
  };
}

function skipped(file: string, error: CsvError | undefined): Row<Cells> {
  const line = typeof error?.['lines'] === 'number' ? error['lines'] : 0;
  return {
    file,
    line,
    ok: false,
    reason: `row: a CSV row was wanted, ${error?.message ?? 'something else'} came`,
  };
}
