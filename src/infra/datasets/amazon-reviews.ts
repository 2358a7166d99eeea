import path from 'node:path';
import type { Dataset, EventRow, ItemRow, Row } from '../../flow/dataset.js';
import { checkedRow, idField, jsonObject, numberField, timeField } from './row-checks.js';
import { countIn, linesOf, newlines } from './source-files.js';

/** Amazon reviews as JSON lines: reviewerID, asin, overall 1..5, unixReviewTime, summary, helpful. Products have no titles here. */
export async function amazonReviews(file: string, key: string): Promise<Dataset> {
  const words = key.replaceAll('-', ' ');
  return {
    catalogue: {
      key,
      name: words.charAt(0).toUpperCase() + words.slice(1),
      domain: 'products',
      language: 'en',
    },
    hasRealTimes: true,
    totals: { items: null, events: await countIn(file, newlines) },
    items: () => itemsOf(file),
    events: () => eventsOf(file, key),
  };
}

/** A product is known by its reviews only: it is named by its code and summed up by the headline of its most helpful review. */
async function* itemsOf(file: string): AsyncGenerator<Row<ItemRow>> {
  const products = new Map<string, { line: number; votes: number; headline: string }>();
  for await (const { line, text } of linesOf(file)) {
    const row = checkedRow({ file, line }, () => reviewOf(text));
    if (!row.ok) continue; // reported with the events
    const { item, votes, headline } = row.value;
    const known = products.get(item);
    if (known === undefined || votes > known.votes)
      products.set(item, { line: known?.line ?? line, votes, headline });
  }
  for (const [externalId, { line, headline }] of products) {
    const summary = headline === '' ? null : headline;
    const value = {
      externalId,
      title: `Product ${externalId}`,
      summary,
      topics: [],
      attributes: { asin: externalId },
    };
    yield { file: `${path.basename(file)} (products)`, line, ok: true, value };
  }
}

async function* eventsOf(file: string, key: string): AsyncGenerator<Row<EventRow>> {
  for await (const { line, text } of linesOf(file)) {
    yield checkedRow({ file: path.basename(file), line }, () => {
      const { person, item, stars, at } = reviewOf(text);
      return {
        clientEventId: `${key}:${person}:${item}`,
        personExternalId: person,
        itemExternalId: item,
        type: 'RATE' as const,
        value: stars,
        at,
      };
    });
  }
}

function reviewOf(text: string) {
  const { reviewerID, asin, overall, unixReviewTime, summary, helpful } = jsonObject(text);
  return {
    person: idField('reviewerID', reviewerID),
    item: idField('asin', asin),
    stars: numberField('overall', overall, { from: 1, to: 5 }),
    at: timeField('unixReviewTime', unixReviewTime),
    headline: typeof summary === 'string' ? summary.trim() : '',
    votes: Array.isArray(helpful) && typeof helpful[0] === 'number' ? helpful[0] : 0,
  };
}
