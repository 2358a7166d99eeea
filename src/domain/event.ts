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
  switch (type) {
    case 'CLICK':
    case 'FAVOURITE':
    case 'SHARE':
    case 'REMIX':
    case 'DOWNLOAD':
    case 'CONVERT':
      return 1;
    case 'RATE':
      return (value ?? 3) >= 3 ? 1 : -1;
    case 'DWELL':
      return (value ?? 0) >= 10 ? 1 : 0;
    case 'HIDE':
    case 'DISLIKE':
    case 'REPORT':
      return -1;
    case 'IMPRESSION':
    case 'VIEW':
    case 'SKIP':
    case 'EXPLANATION_OPENED':
    case 'EXPLANATION_HELPFUL':
    case 'EXPLANATION_UNHELPFUL':
      return 0;
  }
}

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
