import type { Contestant } from '../domain/ranking/evaluate.js';

/** What tables call the parts, in the order of their rows. */
export const CONTESTANT_LABELS: Readonly<Record<Contestant, string>> = {
  popularity: 'popularity',
  popularity7: 'popularity of 7 days',
  trend: 'trend by stage',
  itemknn: 'ItemKNN + recency',
  ease: 'EASE + recency',
  trunk: 'sequence trunk',
  codes: 'semantic codes',
  diffusion: 'diffusion',
  fusion: 'fusion',
};
