import path from 'node:path';
import { slugOf } from './slug.js';
import type { DatasetReader, EventRow, ItemRow, Row } from '../../flow/dataset.js';
import { amazonReviews } from './amazon-reviews.js';
import { checkedRow, idField, jsonObject, knownItem, refuse } from './row-checks.js';
import { countIn, findFiles, linesOf, newlines } from './source-files.js';
import { syntheticTime } from './synthetic-time.js';

const FORMAT = 'amazon-5core';

/** Amazon reviews 2014, 5-core (He & McAuley 2016): sequences without times as in S3-Rec, or the reviews themselves. */
export const amazon5core: DatasetReader = {
  format: FORMAT,
  describe:
    'Amazon 5-core: a folder with sequences.txt ("person item item ...", oldest first) and items.jsonl, or with reviews.jsonl; plain or .gz',
  async open(folder) {
    const optional = ['reviews.jsonl', 'sequences.txt', 'items.jsonl'];
    const found = await findFiles(folder, FORMAT, { required: [], optional });
    const key = slugOf(path.basename(path.resolve(folder)));
    if (found['reviews.jsonl'] !== undefined) return amazonReviews(found['reviews.jsonl'], key);
    const files = await findFiles(folder, FORMAT, { required: ['sequences.txt', 'items.jsonl'] });
    const [sequences, items] = [files['sequences.txt'] ?? '', files['items.jsonl'] ?? ''];
    return {
      catalogue: { key, name: nameOf(key), domain: 'products', language: 'en' },
      hasRealTimes: false,
      totals: { items: await countIn(items, newlines), events: await countIn(sequences, spaces) },
      items: () => itemsOf(items),
      events: () => eventsOf({ sequences, items, key }),
    };
  },
};

/** "amazon-beauty-2014" → "Amazon beauty 2014". */
export function nameOf(key: string): string {
  const words = key.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function spaces(chunk: Buffer): number {
  let [count, at] = [0, -1];
  while ((at = chunk.indexOf(32, at + 1)) !== -1) count++;
  return count;
}

async function* itemsOf(file: string): AsyncGenerator<Row<ItemRow>> {
  for await (const { line, text } of linesOf(file)) {
    yield checkedRow({ file: path.basename(file), line }, () => itemOf(text));
  }
}

function itemOf(text: string): ItemRow {
  const { id, asin, title, brand, categories } = jsonObject(text);
  const externalId = idField('id', id);
  const code = textOf(asin) || externalId;
  const maker = textOf(brand) === 'Unknown' ? '' : textOf(brand);
  const steps = Array.isArray(categories) ? categories.map(textOf).filter((step) => step !== '') : [];
  return {
    externalId,
    // a few products have no title; dropping them would drop their events and change the published data
    title: textOf(title) || `${maker || 'Product'} ${code}`,
    summary: null,
    topics: [...new Set(steps.map((step) => step.toLowerCase()))],
    attributes: {
      asin: code,
      ...(maker !== '' && { brand: maker }),
      ...(steps[0] !== undefined && { category: steps[0] }),
    },
  };
}

const textOf = (value: unknown) => (typeof value === 'string' ? value.trim() : '');

interface Files {
  readonly sequences: string;
  readonly items: string;
  readonly key: string;
}

async function* eventsOf({ sequences, items, key }: Files): AsyncGenerator<Row<EventRow>> {
  const known = new Set<string>();
  for await (const row of itemsOf(items)) if (row.ok) known.add(row.value.externalId);
  for await (const { line, text } of linesOf(sequences)) {
    const place = { file: path.basename(sequences), line };
    const [person = '', ...own] = text.trim().split(/\s+/);
    if (own.length === 0) {
      yield checkedRow(place, () => refuse('row', 'a person and at least one item', text));
      continue;
    }
    for (const [k, item] of own.entries()) {
      yield checkedRow(place, () => ({
        clientEventId: `${key}:${idField('person', person)}:${item}:${k}`,
        personExternalId: person,
        itemExternalId: knownItem('item', item, known),
        type: 'CONVERT' as const,
        value: null,
        at: syntheticTime(k),
      }));
    }
  }
}
