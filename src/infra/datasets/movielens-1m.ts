import path from 'node:path';
import type { DatasetReader, EventRow, ItemRow, Row } from '../../flow/dataset.js';
import { genreTopics, movieFacts, movieTitle } from './movie-title.js';
import {
  checkedRow,
  columnsOf,
  idField,
  jsonObject,
  knownItem,
  numberField,
  refuse,
  timeField,
  titleField,
} from './row-checks.js';
import { countIn, findFiles, linesOf, newlines } from './source-files.js';
import { syntheticTime } from './synthetic-time.js';

const FORMAT = 'movielens-1m';

interface Files {
  readonly movies: string;
  /** The original ratings.dat; where it is missing, the two files below together. */
  readonly ratings: string | undefined;
  readonly sequences: string | undefined;
  readonly untimed: string | undefined;
  readonly plots: string | undefined;
}

/** GroupLens MovieLens 1M (Harper & Konstan 2015), original or as sequences in time order beside ratings without times. */
export const movielens1m: DatasetReader = {
  format: FORMAT,
  describe:
    'MovieLens 1M: a folder with movies.dat and ratings.dat, or with movies.dat, sequences.jsonl and ratings-no-timestamps.csv; plain or .gz',
  async open(folder) {
    const files = await filesOf(folder);
    const rated = files.ratings ?? files.untimed ?? '';
    const headers = files.ratings === undefined ? 1 : 0;
    const count = await countIn(rated, newlines);
    return {
      catalogue: { key: FORMAT, name: 'MovieLens 1M', domain: 'movies', language: 'en' },
      hasRealTimes: files.ratings !== undefined,
      totals: {
        items: await countIn(files.movies, newlines),
        events: count === null ? null : count - headers,
      },
      items: () => itemsOf(files),
      events: () => eventsOf(files),
    };
  },
};

async function filesOf(folder: string): Promise<Files> {
  const optional = [
    'ratings.dat',
    'sequences.jsonl',
    'ratings-no-timestamps.csv',
    'movies_extrainfos.dat',
  ] as const;
  const found = await findFiles(folder, FORMAT, { required: ['movies.dat'], optional: [...optional] });
  const files = found as Partial<Record<string, string>>;
  if (files['ratings.dat'] === undefined) {
    await findFiles(folder, FORMAT, { required: ['sequences.jsonl', 'ratings-no-timestamps.csv'] });
  }
  return {
    movies: files['movies.dat'] ?? '',
    ratings: files['ratings.dat'],
    sequences: files['sequences.jsonl'],
    untimed: files['ratings-no-timestamps.csv'],
    plots: files['movies_extrainfos.dat'],
  };
}

async function* itemsOf({ movies, plots }: Files): AsyncGenerator<Row<ItemRow>> {
  const extras = plots === undefined ? new Map<string, Extra>() : await extrasOf(plots);
  for await (const { line, text } of linesOf(movies, 'latin1')) {
    yield checkedRow({ file: path.basename(movies), line }, () => itemOf(text, extras));
  }
}

interface Extra {
  readonly director: string;
  readonly plot: string;
}

/** Plots and directors by movie id, where the set was enriched with them; rows that do not fit are simply not used. */
async function extrasOf(file: string): Promise<Map<string, Extra>> {
  const extras = new Map<string, Extra>();
  for await (const { text } of linesOf(file)) {
    const columns = text.split('::');
    if (columns.length !== 11) continue;
    const [id = '', director = '', plot = ''] = [columns[0], columns[6], columns[9]];
    extras.set(id, { director: director === 'N/A' ? '' : director, plot: plot === 'N/A' ? '' : plot });
  }
  return extras;
}

function itemOf(text: string, extras: ReadonlyMap<string, Extra>): ItemRow {
  const [id, name, genres] = columnsOf(text, '::', 3);
  const { title, year } = movieTitle(titleField('title', name));
  const externalId = idField('movie id', id);
  const { director = '', plot = '' } = extras.get(externalId) ?? {};
  const topics = genreTopics(genres ?? '');
  const attributes = { ...movieFacts(year, topics), ...(director !== '' && { director }) };
  return { externalId, title, summary: plot === '' ? null : plot, topics, attributes };
}

async function* eventsOf(files: Files): AsyncGenerator<Row<EventRow>> {
  const known = new Set<string>();
  for await (const row of itemsOf({ ...files, plots: undefined }))
    if (row.ok) known.add(row.value.externalId);
  if (files.ratings !== undefined) yield* timedEvents(files.ratings, known);
  else yield* orderedEvents(files.sequences ?? '', files.untimed ?? '', known);
}

async function* timedEvents(file: string, known: ReadonlySet<string>): AsyncGenerator<Row<EventRow>> {
  for await (const { line, text } of linesOf(file)) {
    yield checkedRow({ file: path.basename(file), line }, () => {
      const [user, movie, rating, seconds] = columnsOf(text, '::', 4);
      const [person, item] = [idField('user id', user), knownItem('movie id', movie, known)];
      const stars = numberField('rating', rating, { from: 1, to: 5 });
      return event({ person, item, stars, at: timeField('timestamp', seconds) });
    });
  }
}

/** The order from one file, the stars from the other. */
async function* orderedEvents(
  sequences: string,
  untimed: string,
  known: ReadonlySet<string>,
): AsyncGenerator<Row<EventRow>> {
  const stars = new Map<string, Map<string, number>>();
  for await (const row of starsIn(untimed)) {
    if (!row.ok) yield row;
    else starsOf(stars, row.value.person).set(row.value.item, row.value.stars);
  }
  for await (const { line, text } of linesOf(sequences)) {
    const place = { file: path.basename(sequences), line };
    const sequence = checkedRow(place, () => sequenceOf(text));
    if (!sequence.ok) {
      yield sequence;
      continue;
    }
    const { person, movies } = sequence.value;
    for (const [k, movie] of movies.entries()) {
      yield checkedRow(place, () => {
        const item = knownItem('movie id', movie, known);
        const own = stars.get(person)?.get(item);
        if (own === undefined)
          return refuse('rating', `a rating of movie ${item} by user ${person}`, undefined);
        return event({ person, item, stars: own, at: syntheticTime(k) });
      });
    }
  }
}

function starsOf(stars: Map<string, Map<string, number>>, person: string): Map<string, number> {
  const own = stars.get(person) ?? new Map<string, number>();
  stars.set(person, own);
  return own;
}

async function* starsIn(file: string): AsyncGenerator<Row<{ person: string; item: string; stars: number }>> {
  for await (const { line, text } of linesOf(file)) {
    if (line === 1 && text.startsWith('user_id')) continue;
    yield checkedRow({ file: path.basename(file), line }, () => {
      const [user, movie, rating] = columnsOf(text, ',', 3);
      const stars = numberField('rating', rating, { from: 1, to: 5 });
      return { person: idField('user id', user), item: idField('movie id', movie), stars };
    });
  }
}

function sequenceOf(text: string): { person: string; movies: readonly unknown[] } {
  const { user, movies } = jsonObject(text);
  if (!Array.isArray(movies)) return refuse('movies', 'a list of movie ids', movies);
  return { person: idField('user', user), movies };
}

function event(rating: { person: string; item: string; stars: number; at: Date }): EventRow {
  const { person, item, stars, at } = rating;
  const clientEventId = `${FORMAT}:${person}:${item}`;
  return { clientEventId, personExternalId: person, itemExternalId: item, type: 'RATE', value: stars, at };
}
