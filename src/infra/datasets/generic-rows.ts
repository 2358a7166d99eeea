import type { EventRow, ItemRow } from '../../flow/dataset.js';
import { idField, knownItem, numberField, refuse, timeField, titleField, typeField } from './row-checks.js';
import { syntheticTime } from './synthetic-time.js';

type Cells = Readonly<Record<string, unknown>>;

const ITEM_COLUMNS = new Set(['id', 'title', 'summary', 'topics']);

/**
 * One item. Columns: `id` and `title` (required), `summary`, `topics` (a list, or words separated by "|"); every other column
 * becomes a named attribute.
 */
export function itemFrom(cells: Cells, seen: Set<string>): ItemRow {
  const externalId = idField('id', cells['id']);
  const title = titleField('title', cells['title']);
  if (seen.has(externalId)) return refuse('id', 'an id not used before', externalId);
  seen.add(externalId);
  const attributes = Object.entries(cells)
    .filter(([name, value]) => !ITEM_COLUMNS.has(name) && textOf(value) !== '')
    .map(([name, value]) => [name, textOf(value)] as const);
  const summary = textOf(cells['summary']);
  return {
    externalId,
    title,
    summary: summary === '' ? null : summary,
    topics: topicsOf(cells['topics']),
    attributes: Object.fromEntries(attributes),
  };
}

function topicsOf(value: unknown): string[] {
  const words = Array.isArray(value) ? value.map(textOf) : textOf(value).split('|');
  return [...new Set(words.map((word) => word.trim().toLowerCase()))].filter((word) => word !== '');
}

export function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  return value === null || value === undefined ? '' : JSON.stringify(value);
}

interface EventContext {
  readonly key: string;
  readonly known: ReadonlySet<string>;
  /** Events of each person so far: their order where there are no times, and part of ids that must not repeat. */
  readonly counts: Map<string, number>;
}

/**
 * One event. Columns: `person` and `item` (required), `type` (CLICK where empty), `value` (rating 1..5 for RATE, seconds for
 * DWELL), `at` (ISO 8601 or seconds since 1970; without it the order of rows counts), `id` (made from the row where empty).
 */
export function eventFrom(cells: Cells, { key, known, counts }: EventContext): EventRow {
  const person = idField('person', cells['person']);
  const item = knownItem('item', cells['item'], known);
  const type =
    textOf(cells['type']) === '' ? 'CLICK' : typeField('type', textOf(cells['type']).toUpperCase());
  const value = valueOf(type, cells['value']);
  const k = counts.get(person) ?? 0;
  const at = textOf(cells['at']) === '' ? syntheticTime(k) : timeField('at', cells['at']);
  counts.set(person, k + 1);
  const own = textOf(cells['id']);
  const moment = textOf(cells['at']) === '' ? k : at.getTime();
  return {
    clientEventId: own === '' ? `${key}:${person}:${item}:${type}:${moment}` : `${key}:${own}`,
    personExternalId: person,
    itemExternalId: item,
    type,
    value,
    at,
  };
}

const DAY_SECONDS = 86_400;

function valueOf(type: EventRow['type'], value: unknown): number | null {
  if (type === 'RATE') return numberField('value', value, { from: 0.5, to: 5 });
  if (textOf(value) === '') return null;
  return numberField('value', value, { from: 0, to: DAY_SECONDS });
}
