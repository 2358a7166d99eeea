/** "Matrix, The (1999)" → title "The Matrix", year "1999". Titles without a year keep their text. */
export function movieTitle(text: string): { title: string; year: string | null } {
  const match = /^(.*?)\s*\((\d{4})\)\s*$/.exec(text);
  const [name, year] = match ? [match[1] ?? text, match[2] ?? null] : [text.trim(), null];
  const article = /^(.*), (The|A|An|Les|Le|La|L'|Il|Der|Die|Das|El|Los|Un|Une)$/.exec(name);
  return { title: article ? `${article[2] ?? ''} ${article[1] ?? ''}` : name, year };
}

/** "Action|Sci-Fi" → ["action", "sci-fi"]. */
export function genreTopics(text: string): string[] {
  const genres = text.split('|').map((genre) => genre.trim().toLowerCase());
  return [...new Set(genres)].filter((genre) => genre !== '' && genre !== '(no genres listed)');
}

/** Named facts of a film, for explanations and filters: first genre, year, decade. */
export function movieFacts(year: string | null, topics: readonly string[]): Record<string, string> {
  return {
    ...(topics[0] !== undefined && { genre: topics[0] }),
    ...(year !== null && { year, decade: `${year.slice(0, 3)}0s` }),
  };
}
