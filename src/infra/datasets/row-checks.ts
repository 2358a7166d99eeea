import { EVENT_TYPES, type EventType } from '../../domain/event.js';
import type { Row } from '../../flow/dataset.js';
import { messageOf } from './source-files.js';

/** Thrown by the checks below; its message is the reason that the import shows for the row. */
class BadRow extends Error {}

/** Parses one row; whatever a check refuses becomes a rejected row with its reason. */
export function checkedRow<T>(place: { file: string; line: number }, parse: () => T): Row<T> {
  try {
    return { file: place.file, line: place.line, ok: true, value: storable(parse()) };
  } catch (error) {
    if (error instanceof BadRow)
      return { file: place.file, line: place.line, ok: false, reason: error.message };
    throw error;
  }
}

/** What Postgres holds in no text: NUL, and half of a surrogate pair. One such row would fail the batch around it. */
const UNSTORABLE = /[\0\p{Surrogate}]/gu;

function storable<T>(value: T): T {
  for (const text of textsIn(value)) {
    if (text.search(UNSTORABLE) >= 0)
      refuse('row', 'text without NUL and broken Unicode', JSON.stringify(text));
  }
  return value;
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || value instanceof Date) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...textsIn(inner)]);
}

/** Long values are cut in reasons: a rejected row may be a megabyte of garbage. A cut may halve a character; reasons are stored too. */
function shown(value: unknown): string {
  if (value === undefined || value === '') return 'nothing';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`.replaceAll(UNSTORABLE, '\ufffd');
}

export function refuse(field: string, wanted: string, came: unknown): never {
  throw new BadRow(`${field}: ${wanted} was wanted, ${shown(came)} came`);
}

/** The longest id or title that is taken: a longer one is a broken row, not a name. */
const LONGEST = { id: 200, title: 1000 };

export function idField(field: string, value: unknown): string {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || text.trim() === '') return refuse(field, 'an id', value);
  if (text.length > LONGEST.id) return refuse(field, `an id of at most ${LONGEST.id} characters`, value);
  return text.trim();
}

export function titleField(field: string, value: unknown): string {
  if (typeof value !== 'string' || value.trim() === '') return refuse(field, 'a title', value);
  if (value.length > LONGEST.title) return refuse(field, `at most ${LONGEST.title} characters`, value);
  return value.trim();
}

export function numberField(
  field: string,
  value: unknown,
  { from, to }: { from: number; to: number },
): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !(number >= from && number <= to)) {
    return refuse(field, `a number from ${from} to ${to}`, value);
  }
  return number;
}

export function typeField(field: string, value: unknown): EventType {
  const type = EVENT_TYPES.find((one) => one === value);
  return type ?? refuse(field, `one of ${EVENT_TYPES.join(', ')}`, value);
}

/** Clocks differ by minutes; a day covers every time zone that a source forgot to say. */
const FUTURE_MS = 24 * 3600_000;
/** Earlier times stand for order only, see `synthetic-time.ts`. */
const EARLIEST_MS = Date.UTC(1980, 0, 1);

/** Seconds since 1970, or an ISO 8601 time. */
export function timeField(field: string, value: unknown): Date {
  const seconds = typeof value === 'number' || (typeof value === 'string' && /^\d+(\.\d+)?$/.test(value));
  const ms = seconds ? Number(value) * 1000 : typeof value === 'string' ? Date.parse(value) : NaN;
  if (!Number.isFinite(ms)) return refuse(field, 'seconds since 1970 or an ISO 8601 time', value);
  if (ms < EARLIEST_MS) return refuse(field, 'a time from 1980 on', value);
  if (ms > Date.now() + FUTURE_MS) return refuse(field, 'a time not in the future', value);
  return new Date(ms);
}

export function knownItem(field: string, value: unknown, known: ReadonlySet<string>): string {
  const id = idField(field, value);
  return known.has(id) ? id : refuse(field, 'an item of the catalogue', id);
}

export function columnsOf(text: string, separator: string, wanted: number): string[] {
  const columns = text.split(separator);
  if (columns.length !== wanted) {
    return refuse(
      'row',
      `${wanted} columns separated by "${separator}"`,
      `${columns.length} columns: ${text}`,
    );
  }
  return columns;
}

export function jsonObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse('row', 'a JSON object', `${text.slice(0, 40)} (${messageOf(error)})`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse('row', 'a JSON object', text);
  }
  return value as Readonly<Record<string, unknown>>;
}
