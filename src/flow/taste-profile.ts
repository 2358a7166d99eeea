import type { Facet, Person } from '../domain/person.js';
import type { Ports } from './ports.js';

export interface TasteProfile {
  readonly summary: string;
  readonly facets: readonly Facet[];
  readonly updatedAt: Date;
  readonly profilingEnabled: boolean;
}

/** What the system believes about a person: every line is a stored facet that they can edit or remove. */
export async function tasteProfile({ stores }: Pick<Ports, 'stores'>, viewer: Person): Promise<TasteProfile> {
  const person = (await stores.people.byId(viewer.id)) ?? viewer;
  const facets = [...(await stores.profiles.facets(viewer.id))].sort(
    (a, b) => Math.abs(b.weight) - Math.abs(a.weight),
  );
  const updatedAt = facets.reduce(
    (latest, f) => (f.updatedAt > latest ? f.updatedAt : latest),
    person.consent.recordedAt,
  );
  return { summary: summarise(facets), facets, updatedAt, profilingEnabled: person.consent.personalisation };
}

function summarise(facets: readonly Facet[]): string {
  const named = (wanted: boolean) =>
    facets
      .filter(({ weight }) => (wanted ? weight > 0 : weight < 0))
      .slice(0, 4)
      .map(({ value }) => value);
  const [likes, dislikes] = [named(true), named(false)];
  if (likes.length === 0 && dislikes.length === 0)
    return 'No stated tastes yet: the page follows what you choose, and until then what many people like.';
  const more = likes.length > 0 ? `Likes ${likes.join(', ')}.` : '';
  const less = dislikes.length > 0 ? `Wants less of ${dislikes.join(', ')}.` : '';
  return `${more} ${less}`.trim();
}
