import type { Facet } from '../domain/person.js';
import type { Random } from '../domain/random.js';

/** Facts that a theme is made of. */
const THEME = 3;

/** One value per kind of fact, drawn by weight, so that another seed gives another picture of the same wish. */
export function themeOfFacets(
  facets: readonly Pick<Facet, 'attribute' | 'value' | 'weight'>[],
  random: Random,
): string[] {
  const open = [...facets];
  const theme: string[] = [];
  while (open.length > 0 && theme.length < THEME) {
    let left = random.next() * open.reduce((sum, { weight }) => sum + weight, 0);
    const chosen = open.find(({ weight }) => (left -= weight) < 0) ?? open[0];
    if (chosen === undefined) break;
    theme.push(chosen.value.toLowerCase());
    open.splice(0, open.length, ...open.filter(({ attribute }) => attribute !== chosen.attribute));
  }
  return [...new Set(theme)];
}
