import { DomainError } from './errors.js';
import type { EventId, ItemId, PersonId, RequestId } from './ids.js';

export const EVENT_TYPES = [
  'IMPRESSION',
  'VIEW',
  'CLICK',
  'DWELL',
  'FAVOURITE',
  'RATE',
  'SHARE',
  'REMIX',
  'DOWNLOAD',
  'CONVERT',
  'SKIP',
  'HIDE',
  'DISLIKE',
  'REPORT',
  'EXPLANATION_OPENED',
  'EXPLANATION_HELPFUL',
  'EXPLANATION_UNHELPFUL',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Something a person did. */
export interface FeedbackEvent {
  readonly id: EventId;
  /** Made by the client; unique over the whole installation, so a resent event is stored once. */
  readonly clientEventId: string;
  readonly personId: PersonId;
  readonly itemId: ItemId | null;
  readonly type: EventType;
  /** Rating 1..5 for RATE, seconds for DWELL, otherwise null. */
  readonly value: number | null;
  readonly requestId: RequestId | null;
  readonly position: number | null;
  readonly at: Date;
  readonly undoneAt: Date | null;
}

/**
 * What an event says about taste: +1 wanted, 0 says nothing, -1 unwanted. Ratings of 3 and more count as wanted.
 */
export function polarity({ type, value }: Pick<FeedbackEvent, 'type' | 'value'>): -1 | 0 | 1 {
  const says = SAYS[type];
  return typeof says === 'number' ? says : says(value);
}

const SAYS: Readonly<Record<EventType, -1 | 0 | 1 | ((value: number | null) => -1 | 0 | 1)>> = {
  IMPRESSION: 0,
  VIEW: 0,
  CLICK: 1,
  DWELL: (seconds) => ((seconds ?? 0) >= 10 ? 1 : 0),
  FAVOURITE: 1,
  RATE: (stars) => ((stars ?? 3) >= 3 ? 1 : -1),
  SHARE: 1,
  REMIX: 1,
  DOWNLOAD: 1,
  CONVERT: 1,
  SKIP: 0,
  HIDE: -1,
  DISLIKE: -1,
  REPORT: -1,
  EXPLANATION_OPENED: 0,
  EXPLANATION_HELPFUL: 0,
  EXPLANATION_UNHELPFUL: 0,
};

/**
 * Whether an event belongs in a training sequence: what was wanted, and every rating, since what people choose to watch or
 * buy next is what the sequence models predict, whatever they think of it after (protocols A1, A2, M4 use every rating).
 */
export function isInteraction(event: Pick<FeedbackEvent, 'type' | 'value'>): boolean {
  return event.type === 'RATE' || polarity(event) > 0;
}

/** Phones are wrong by seconds, sometimes by minutes; more than this is a broken clock. */
const MAX_SKEW_MS = 5 * 60_000;

/** Rejects events from the future: one bad client clock would leak test data into training. */
export function assertNotFromFuture(clientEventId: string, at: Date, now: Date): void {
  if (at.getTime() - now.getTime() <= MAX_SKEW_MS) return;
  throw new DomainError(
    'INVALID_INPUT',
    `event ${clientEventId} is dated ${at.toISOString()}, at most 5 minutes after ${now.toISOString()} was wanted`,
    { path: ['at'], constraint: 'not in the future' },
  );
}
