import { parse } from 'csv-parse';
import { openText, type SourceFile } from './read-lines.js';

/** Records by column name with the line each begins on; quoting and line breaks inside fields are the parser's matter. */
export async function* readCsv(
  file: SourceFile,
): AsyncGenerator<{ readonly line: number; readonly record: Readonly<Record<string, string>> }> {
  const parser = openText(file).pipe(
    parse({ columns: true, bom: true, trim: true, info: true, relax_column_count: true }),
  );
  for await (const { record, info } of parser as AsyncIterable<{
    record: Record<string, string>;
    info: { lines: number };
  }>)
    yield { line: info.lines, record };
}
