import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { EVENT_TYPES, type EventType } from '../../domain/event.js';
import type { DatasetReader, EventRow, ItemRow } from '../../flow/dataset.js';
import { readCsv } from './read-csv.js';
import { readJson } from './read-json.js';
import { readLines, requireFile, type SourceFile } from './read-lines.js';
import { BadRow, rating, shown, text, time } from './row-check.js';
import { rowOf } from './rows.js';

type Record_ = Readonly<Record<string, unknown>>;
type Lines = (file: SourceFile) => AsyncIterable<{ readonly line: number; readonly read: () => Record_ }>;

const ITEM_COLUMNS = new Set(['id', 'title', 'summary', 'topics']);

/** items.csv: id, title, summary?, topics? (with | between), any other column is an attribute. events.csv: person, item, type?, value?, at, id?. */
export const csv: DatasetReader = tabular('csv', async function* (file) {
  for await (const { line, record } of readCsv(file)) yield { line, read: () => record };
});

/** The same columns as keys of one JSON object a line; topics may be a list. */
export const jsonl: DatasetReader = tabular('jsonl', async function* (file) {
  for await (const { line, text: row } of readLines(file)) yield { line, read: () => readJson(row) };
});

function tabular(format: string, lines: Lines): DatasetReader {
  return {
    format,
    describe: `folder with items.${format} (id, title, summary, topics, other columns become attributes) and events.${format} (person, item, type, value, at, id)`,
    open(path) {
      const files = {
        items: requireFile(path, `items.${format}`),
        events: requireFile(path, `events.${format}`),
      };
      const key = basename(resolve(path)).toLowerCase();
      return Promise.resolve({
        catalogue: { key, name: basename(resolve(path)), domain: 'general', language: 'en' },
        hasRealTimes: true,
        totals: { items: null, events: null },
        async *items() {
          for await (const { line, read } of lines(files.items))
            yield rowOf({ file: files.items.name, line }, () => itemOf(read()));
        },
        async *events() {
          for await (const { line, read } of lines(files.events))
            yield rowOf({ file: files.events.name, line }, () => eventOf(key, read()));
        },
      });
    },
  };
}

function itemOf(record: Record_): ItemRow {
  const attributes = Object.entries(record)
    .filter(
      ([name, value]) =>
        !ITEM_COLUMNS.has(name) && ['string', 'number', 'boolean'].includes(typeof value) && value !== '',
    )
    .map(([name, value]) => [name, String(value).slice(0, 200)] as const);
  const { topics, summary } = record;
  const list = Array.isArray(topics)
    ? topics.map(String)
    : typeof topics === 'string'
      ? topics.split('|')
      : [];
  return {
    externalId: text('id', record['id'], 200),
    title: text('title', record['title']),
    summary: typeof summary === 'string' && summary.trim() !== '' ? summary.trim().slice(0, 2_000) : null,
    topics: [
      ...new Set(list.map((topic) => topic.trim().toLowerCase()).filter((topic) => topic !== '')),
    ].slice(0, 30),
    attributes: Object.fromEntries(attributes),
  };
}

function eventOf(key: string, record: Record_): EventRow {
  const person = text('person', record['person'], 200);
  const item = text('item', record['item'], 200);
  const type = typeOf(record['type']);
  const at = atOf(record['at']);
  const given = record['id'];
  const made = createHash('sha256')
    .update(`${key}\n${person}\n${item}\n${type}\n${at.toISOString()}`)
    .digest('hex')
    .slice(0, 32);
  return {
    clientEventId:
      given === undefined || given === '' ? `${key}-${made}`.slice(-128) : text('id', given, 128),
    personExternalId: person,
    itemExternalId: item,
    type,
    value: valueOf(type, record['value']),
    at,
  };
}

function typeOf(value: unknown): EventType {
  if (value === undefined || value === '') return 'CLICK';
  const found = EVENT_TYPES.find((type) => type === text('type', value).toUpperCase());
  if (found === undefined)
    throw new BadRow(`type: one of ${EVENT_TYPES.join(', ')} was wanted, ${shown(value)} came`);
  return found;
}

function atOf(value: unknown): Date {
  const parsed = typeof value === 'string' && !/^\d+(\.\d+)?$/.test(value) ? Date.parse(value) / 1000 : value;
  if (Number.isNaN(parsed))
    throw new BadRow(`at: a date or seconds since 1970 was wanted, ${shown(value)} came`);
  return time(parsed);
}

function valueOf(type: EventType, value: unknown): number | null {
  if (type === 'RATE') return rating(value as string | number | undefined);
  if (value === undefined || value === '' || value === null) return null;
  const number = Number(value);
  if (!Number.isFinite(number)) throw new BadRow(`value: a number was wanted, ${shown(value)} came`);
  return number;
}
