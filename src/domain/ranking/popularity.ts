import type { RankingData, RankingPart } from './part.js';
import { newestTime } from './trend.js';

/** How many people had each item: the bar that every other part has to clear. */
export interface PopularityModel {
  readonly counts: Float32Array; // (itemCount)
}

/**
 * Counts events per item; with `windowSeconds` only those at most that long before the newest event, because what
 * was popular last week beats what was popular ever as soon as the test lies in the future (protocol T).
 */
export function trainPopularity(data: RankingData, windowSeconds = Infinity): PopularityModel {
  const since = Number.isFinite(windowSeconds) ? newestTime(data) - windowSeconds : -Infinity;
  const counts = new Float32Array(data.itemCount);
  data.sequences.forEach((sequence, person) => {
    const times = data.times?.[person];
    sequence.forEach((item, index) => {
      if (since !== -Infinity && (times?.[index] ?? -Infinity) < since) return;
      counts[item] = (counts[item] as number) + 1;
    });
  });
  return { counts };
}

export function popularityPart({ counts }: PopularityModel): RankingPart {
  return { name: 'popularity', score: (histories) => Promise.resolve(histories.map(() => counts)) };
}
