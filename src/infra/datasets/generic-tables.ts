import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Dataset, DatasetReader, EventRow, ItemRow, Row } from '../../flow/dataset.js';
import { csvRows } from './csv-rows.js';
import { jsonRows } from './json-rows.js';
import { eventFrom, itemFrom, textOf } from './generic-rows.js';
import { checkedRow } from './row-checks.js';
import { slugOf } from './slug.js';
import { countIn, findFiles, newlines, refused } from './source-files.js';

type Cells = Readonly<Record<string, unknown>>;
type ReadRows = (file: string) => AsyncGenerator<Row<Cells>>;

/** Own data as CSV with a header line; columns are described in docs/import.md and in `generic-rows.ts`. */
export const genericCsv: DatasetReader = {
  format: 'csv',
  describe: 'CSV: a folder with items.csv and events.csv, or one such file; plain or .gz',
  open: (source) => openTables(source, 'csv', csvRows),
};

/** The same columns as fields of JSON objects, one a line. */
export const genericJsonl: DatasetReader = {
  format: 'jsonl',
  describe: 'JSON lines: a folder with items.jsonl and events.jsonl, or one such file; plain or .gz',
  open: (source) => openTables(source, 'jsonl', jsonRows),
};

interface Tables {
  readonly items: string | undefined;
  readonly events: string | undefined;
  readonly key: string;
  readonly read: ReadRows;
}

async function openTables(source: string, format: 'csv' | 'jsonl', read: ReadRows): Promise<Dataset> {
  const tables = await tablesAt(source, format, read);
  const { items, events, key } = tables;
  const header = format === 'csv' ? 1 : 0;
  const count = async (file: string | undefined) => {
    const lines = file === undefined ? 0 : await countIn(file, newlines);
    return lines === null ? null : Math.max(lines - header, 0);
  };
  return {
    catalogue: { key, name: key, domain: 'generic', language: 'en' },
    hasRealTimes: events !== undefined && (await firstRow(events, read))?.['at'] !== undefined,
    totals: { items: items === undefined ? null : await count(items), events: await count(events) },
    items: () => (items === undefined ? itemsNamedBy(tables) : itemsOf(items, read)),
    events: () => eventsOf(tables),
  };
}

/** A folder holds both tables, or one of them; a single file is what its first row looks like. */
async function tablesAt(source: string, format: 'csv' | 'jsonl', read: ReadRows): Promise<Tables> {
  const info = await stat(source).catch(() => null);
  const key = slugOf(path.basename(path.resolve(source)).replace(/\.(csv|jsonl)(\.gz)?$/, ''));
  if (info?.isFile() === true) return { ...(await tableIn(source, format, read)), key, read };
  const names = { items: `items.${format}`, events: `events.${format}` };
  const found = await findFiles(source, format, { required: [], optional: [names.items, names.events] });
  const [items, events] = [found[names.items], found[names.events]];
  if (items === undefined && events === undefined) {
    throw refused(format, `${names.items} and ${names.events} (or .gz) in ${source}`, 'neither is there');
  }
  return { items, events, key, read };
}

async function tableIn(
  file: string,
  format: string,
  read: ReadRows,
): Promise<Pick<Tables, 'items' | 'events'>> {
  const first = (await firstRow(file, read)) ?? {};
  const has = (...columns: string[]) => columns.every((column) => column in first);
  if (has('person', 'item')) return { items: undefined, events: file };
  if (has('id', 'title')) return { items: file, events: undefined };
  throw refused(format, 'a first row with columns person and item, or id and title', 'another came');
}

async function firstRow(file: string, read: ReadRows): Promise<Cells | null> {
  for await (const row of read(file)) if (row.ok) return row.value;
  return null;
}

async function* itemsOf(file: string, read: ReadRows): AsyncGenerator<Row<ItemRow>> {
  const seen = new Set<string>();
  for await (const row of read(file)) {
    yield row.ok ? checkedRow(row, () => itemFrom(row.value, seen)) : row;
  }
}

/** Without a table of items, every item that an event names is one, called by its id. */
async function* itemsNamedBy({ events, read }: Tables): AsyncGenerator<Row<ItemRow>> {
  const seen = new Set<string>();
  if (events === undefined) return;
  for await (const row of read(events)) {
    const id = row.ok ? textOf(row.value['item']) : '';
    if (id === '' || seen.has(id)) continue;
    seen.add(id);
    const value = { externalId: id, title: id, summary: null, topics: [], attributes: {} };
    yield { file: `${row.file} (items)`, line: row.line, ok: true, value };
  }
}

async function* eventsOf({ items, events, key, read }: Tables): AsyncGenerator<Row<EventRow>> {
  if (events === undefined) return;
  const known = new Set<string>();
  const source = items === undefined ? itemsNamedBy({ items, events, key, read }) : itemsOf(items, read);
  for await (const row of source) if (row.ok) known.add(row.value.externalId);
  const counts = new Map<string, number>();
  for await (const row of read(events)) {
    yield row.ok ? checkedRow(row, () => eventFrom(row.value, { key, known, counts })) : row;
  }
}
