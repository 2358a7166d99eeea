import path from 'node:path';
import type { DatasetReader, EventRow, ItemRow, Row } from '../../flow/dataset.js';
import { movieFacts, movieTitle } from './movie-title.js';
import {
  checkedRow,
  columnsOf,
  idField,
  knownItem,
  numberField,
  timeField,
  titleField,
} from './row-checks.js';
import { countIn, findFiles, linesOf, newlines } from './source-files.js';

const FORMAT = 'movielens-100k';
/** Columns 6 to 24 of u.item, in order (README of the set). */
const GENRES =
  "unknown action adventure animation children's comedy crime documentary drama fantasy film-noir horror musical mystery romance sci-fi thriller war western".split(
    ' ',
  );

/** GroupLens MovieLens 100K (Harper & Konstan 2015): tab-separated ratings with times, titles in ISO-8859-1. */
export const movielens100k: DatasetReader = {
  format: FORMAT,
  describe: 'MovieLens 100K: a folder with u.data and u.item, plain or .gz',
  async open(folder) {
    const files = await findFiles(folder, FORMAT, { required: ['u.data', 'u.item'] });
    const [ratings, movies] = [files['u.data'] ?? '', files['u.item'] ?? ''];
    return {
      catalogue: { key: FORMAT, name: 'MovieLens 100K', domain: 'movies', language: 'en' },
      hasRealTimes: true,
      totals: { items: await countIn(movies, newlines), events: await countIn(ratings, newlines) },
      items: () => itemsOf(movies),
      events: () => eventsOf(ratings, movies),
    };
  },
};

async function* itemsOf(file: string): AsyncGenerator<Row<ItemRow>> {
  for await (const { line, text } of linesOf(file, 'latin1')) {
    yield checkedRow({ file: path.basename(file), line }, () => itemOf(text));
  }
}

function itemOf(text: string): ItemRow {
  const [id, name, released, , , ...flags] = columnsOf(text, '|', 24);
  const { title, year } = movieTitle(titleField('title', name));
  const topics = GENRES.filter((genre, g) => flags[g] === '1' && genre !== 'unknown');
  const attributes = { ...movieFacts(year, topics), ...(released ? { released } : {}) };
  return { externalId: idField('movie id', id), title, summary: null, topics, attributes };
}

async function* eventsOf(file: string, movies: string): AsyncGenerator<Row<EventRow>> {
  const known = new Set<string>();
  for await (const row of itemsOf(movies)) if (row.ok) known.add(row.value.externalId);
  for await (const { line, text } of linesOf(file)) {
    yield checkedRow({ file: path.basename(file), line }, () => eventOf(text, known));
  }
}

function eventOf(text: string, known: ReadonlySet<string>): EventRow {
  const [user, movie, rating, seconds] = columnsOf(text, '\t', 4);
  const [person, item] = [idField('user id', user), knownItem('movie id', movie, known)];
  return {
    clientEventId: `${FORMAT}:${person}:${item}`,
    personExternalId: person,
    itemExternalId: item,
    type: 'RATE',
    value: numberField('rating', rating, { from: 1, to: 5 }),
    at: timeField('timestamp', seconds),
  };
}
