import type { EventType } from '../event.js';

/** What was done with an item, as a token says it; 0 is not known, or any. Ratings are told apart by what they say. */
export const ACTIONS = [
  'UNKNOWN',
  'VIEW',
  'CLICK',
  'DWELL',
  'FAVOURITE',
  'RATED_LOW',
  'RATED_MIDDLE',
  'RATED_HIGH',
  'SHARE',
  'REMIX',
  'DOWNLOAD',
  'CONVERT',
] as const;
export type Action = (typeof ACTIONS)[number];

/** Ratings of 4 and more are praise, of 2 and less blame. */
const PRAISE = 4;
const BLAME = 2;

/** The number of an event's action, for `RankingData.actions`; 0 for what no sequence holds. */
export function actionOf({
  type,
  value,
}: {
  readonly type: EventType;
  readonly value: number | null;
}): number {
  return Math.max(0, ACTIONS.indexOf((type === 'RATE' ? ratingOf(value) : type) as Action));
}

function ratingOf(stars: number | null): Action {
  if (stars === null) return 'UNKNOWN';
  if (stars >= PRAISE) return 'RATED_HIGH';
  return stars <= BLAME ? 'RATED_LOW' : 'RATED_MIDDLE';
}

/** The goal of a wish: "something they will click", "something they will rate highly". */
export function goalOf(type: EventType): number {
  return actionOf({ type, value: type === 'RATE' ? PRAISE : null });
}
