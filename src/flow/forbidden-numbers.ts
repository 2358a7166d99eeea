import type { ItemId } from '../domain/ids.js';
import type { RankingView } from './ranking-view.js';

/** Numbers of the items that the ranker knows and that may not be shown. */
export function forbiddenNumbers({ ranker }: RankingView, allowed: ReadonlySet<ItemId>): Set<number> {
  const forbidden = new Set<number>();
  ranker.itemIds.forEach((id, number) => {
    if (!allowed.has(id as ItemId)) forbidden.add(number);
  });
  return forbidden;
}
