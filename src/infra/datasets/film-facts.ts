import type { ItemRow } from '../../flow/dataset.js';

/** Title, genres and decade of a film, from titles that end in "(1995)" and have their article behind a comma. */
export function filmFacts(rawTitle: string, genres: readonly string[]): Omit<ItemRow, 'externalId'> {
  const year = /\((\d{4})\)\s*$/.exec(rawTitle)?.[1];
  const bare = rawTitle.replace(/\s*\(\d{4}\)\s*$/, '');
  const title = bare.replace(/^(.*), (The|A|An|Le|La|Les|Das|Der|Die|El|Il)$/, '$2 $1');
  const topics = genres
    .map((genre) => genre.toLowerCase())
    .filter((genre) => !/^(unknown|\(no genres listed\))$/.test(genre));
  const attributes: Record<string, string> = {};
  if (topics[0] !== undefined) attributes['genre'] = topics[0];
  if (year !== undefined) Object.assign(attributes, { year, decade: `${year.slice(0, 3)}0s` });
  return { title: title === '' ? rawTitle : title, summary: null, topics, attributes };
}
