/** Rankers behave differently for newcomers and for heavy users, so results and fusion weights are kept per length of history. */
export const HISTORY_BUCKETS = [
  { label: '0', upTo: 0 },
  { label: '1-5', upTo: 5 },
  { label: '6-20', upTo: 20 },
  { label: '21-100', upTo: 100 },
  { label: '>100', upTo: Infinity },
] as const;

export type HistoryBucket = (typeof HISTORY_BUCKETS)[number]['label'];

/** Index into HISTORY_BUCKETS for a history of this many items (counted before it is cut to the protocol's maximum). */
export function bucketOf(historyLength: number): number {
  return HISTORY_BUCKETS.findIndex(({ upTo }) => historyLength <= upTo);
}
