import type { RankingData } from './part.js';

/**
 * The moment (seconds) before which the given share of all events lies, as the data's clock sees it: `share` 0.9 of events in a rush
 * may be the last hour. Infinity for a share of 1, and where there are no events.
 */
export function momentAt(times: NonNullable<RankingData['times']>): (share: number) => number {
  const all = Float64Array.from(times.flatMap((own) => [...own])).sort();
  return (share) => all[Math.floor(all.length * share)] ?? Infinity;
}
