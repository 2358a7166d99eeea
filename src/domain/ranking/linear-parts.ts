import type { ChosenPopularity } from './choose-settings.js';
import type { ChosenTrend } from './choose-trend.js';
import { easePart } from './ease.js';
import { itemKnnPart } from './item-knn.js';
import type { RankingPart } from './part.js';
import { popularityPart } from './popularity.js';
import type { RankerModel } from './ranker-artefact.js';
import { trendPart } from './trend.js';

/** The closed-form parts with the settings that were chosen for them. */
export interface Linear extends Pick<RankerModel, 'itemknn' | 'ease'> {
  readonly popularity: ChosenPopularity;
  readonly trend: ChosenTrend | null;
}

/** The same as parts that score, in the order in which they are shown. */
export function linearParts({ popularity, trend, itemknn, ease }: Linear): RankingPart[] {
  const parts = [
    popularityPart(popularity),
    trend && trendPart(trend),
    itemKnnPart(itemknn),
    ease && easePart(ease),
  ];
  return parts.filter((part) => part !== null);
}
