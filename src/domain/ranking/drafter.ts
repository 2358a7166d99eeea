import type { RankingPart } from './part.js';
import { MOST_ROWS } from './path-scorer.js';
import { topItems } from './top-items.js';

/** Items that may well come after a history, likeliest first, from a ranker that costs next to nothing. */
export type Drafter = (history: Int32Array) => Promise<Int32Array>;

/** The head of another part's list, without what the history has: as many items as one pass verifies. */
export function drafterFrom({ score }: Pick<RankingPart, 'score'>): Drafter {
  return async (history) => {
    const [scores] = await score([history]);
    return scores === undefined ? new Int32Array() : topItems(scores, MOST_ROWS, new Set(history));
  };
}
