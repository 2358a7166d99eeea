import type { DatasetReader, EventRow, ItemRow, Row } from '../../flow/dataset.js';
import { type Cells, csvRows } from './csv-rows.js';
import { genreTopics, movieFacts, movieTitle } from './movie-title.js';
import { checkedRow, idField, knownItem, numberField, timeField, titleField } from './row-checks.js';
import { countIn, findFiles, newlines } from './source-files.js';

const FORMAT = 'movielens-latest-small';
/** Free-text tags become topics after the genres, the first few only: a cult film has dozens. */
const MOST_TAGS = 5;

/** GroupLens MovieLens latest-small: CSV with times, half stars, and free-text tags. */
export const movielensLatestSmall: DatasetReader = {
  format: FORMAT,
  describe:
    'MovieLens latest-small: a folder with movies.csv and ratings.csv (tags.csv if there), plain or .gz',
  async open(folder) {
    const required = ['movies.csv', 'ratings.csv'] as const;
    const files = await findFiles<string>(folder, FORMAT, { required, optional: ['tags.csv'] });
    const [movies, ratings, tags] = [
      files['movies.csv'] ?? '',
      files['ratings.csv'] ?? '',
      files['tags.csv'],
    ];
    const [items, events] = [await countIn(movies, newlines), await countIn(ratings, newlines)];
    return {
      catalogue: { key: FORMAT, name: 'MovieLens latest-small', domain: 'movies', language: 'en' },
      hasRealTimes: true,
      totals: { items: items && items - 1, events: events && events - 1 },
      items: () => itemsOf(movies, tags),
      events: () => eventsOf(ratings, movies),
    };
  },
};

async function* itemsOf(movies: string, tags: string | undefined): AsyncGenerator<Row<ItemRow>> {
  const tagged = tags === undefined ? new Map<string, string[]>() : await tagsIn(tags);
  for await (const row of csvRows(movies)) {
    yield row.ok ? checkedRow(row, () => itemOf(row.value, tagged)) : row;
  }
}

async function tagsIn(file: string): Promise<Map<string, string[]>> {
  const tagged = new Map<string, string[]>();
  for await (const row of csvRows(file)) {
    const [movie, tag] = row.ok
      ? [row.value['movieId'] ?? '', row.value['tag']?.trim().toLowerCase() ?? '']
      : ['', ''];
    const own = tagged.get(movie) ?? [];
    if (tag === '' || own.includes(tag) || own.length === MOST_TAGS) continue;
    tagged.set(movie, [...own, tag]);
  }
  return tagged;
}

function itemOf(
  { movieId, title: name, genres = '' }: Cells,
  tagged: ReadonlyMap<string, string[]>,
): ItemRow {
  const { title, year } = movieTitle(titleField('title', name));
  const externalId = idField('movieId', movieId);
  const topics = [...new Set([...genreTopics(genres), ...(tagged.get(externalId) ?? [])])];
  return { externalId, title, summary: null, topics, attributes: movieFacts(year, genreTopics(genres)) };
}

async function* eventsOf(ratings: string, movies: string): AsyncGenerator<Row<EventRow>> {
  const known = new Set<string>();
  for await (const row of itemsOf(movies, undefined)) if (row.ok) known.add(row.value.externalId);
  for await (const row of csvRows(ratings)) {
    yield row.ok ? checkedRow(row, () => eventOf(row.value, known)) : row;
  }
}

function eventOf({ userId, movieId, rating, timestamp }: Cells, known: ReadonlySet<string>): EventRow {
  const [person, item] = [idField('userId', userId), knownItem('movieId', movieId, known)];
  return {
    clientEventId: `${FORMAT}:${person}:${item}`,
    personExternalId: person,
    itemExternalId: item,
    type: 'RATE',
    value: numberField('rating', rating, { from: 0.5, to: 5 }),
    at: timeField('timestamp', timestamp),
  };
}
