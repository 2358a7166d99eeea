import type { ChosenPopularity } from './choose-settings.js';
import type { ChosenTrend } from './choose-trend.js';
import { easePart, trainEase } from './ease.js';
import { itemKnnPart, trainItemKnn } from './item-knn.js';
import type { PartName, RankingData, RankingPart } from './part.js';
import { popularityPart, trainPopularity } from './popularity.js';
import type { RankerModel } from './ranker-artefact.js';
import type { TileProduct } from './symmetric-inverse.js';
import { trainTrend, trendPart } from './trend.js';
import type { Watch } from './watch.js';

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

/** Those of a stored model, with the settings that were chosen; artefacts of before say nothing of window and newcomers. */
export function linearOf({ popularity, trend, itemknn, ease }: RankerModel): Linear {
  return {
    popularity: { windowSeconds: Infinity, ...popularity },
    trend: trend ? { suitsNewcomers: false, ...trend } : null,
    itemknn,
    ease,
  };
}

/** The same from these events, with the settings that were chosen. Without times there is no window, and trends stay what they were. */
export async function countedAgain(
  { popularity, trend, itemknn, ease }: Linear,
  data: RankingData,
  { product, watch }: { readonly product: TileProduct; readonly watch?: Watch },
): Promise<Linear> {
  const { lambda, recency } = ease ?? { lambda: 0, recency: 0 };
  return {
    popularity: {
      ...popularity,
      ...trainPopularity(data, data.times ? popularity.windowSeconds : Infinity),
    },
    trend: trend && (data.times ? { ...trend, ...trainTrend(data, trend) } : trend),
    itemknn: trainItemKnn(data, { recency: itemknn.recency, shrink: itemknn.shrink }),
    ease: ease && (await trainEase(data, { lambda, recency, product, ...(watch && { watch }) })),
  };
}

/** Who answers people without a history where validation asks none of them. */
export function newcomersOf({ trend }: Pick<Linear, 'trend'>): PartName {
  return trend?.suitsNewcomers === true ? 'trend' : 'popularity';
}
