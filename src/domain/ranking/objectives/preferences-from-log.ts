import { type EventType, isInteraction, polarity } from '../../event.js';
import type { Preference } from './preference.js';

/** One event of a person, in time order. */
export interface LoggedEvent {
  readonly item: number;
  readonly type: EventType;
  readonly value: number | null;
  /** Seconds. */
  readonly at: number;
}

/** Events around a choice that still belong to the same look at the shelf. */
const WINDOW = 20;
/** Seconds; a longer pause is another visit. */
const VISIT = 30 * 60;
/** Stars from which a rated item was liked enough to be called chosen. */
const LIKED = 4;

/**
 * Preferences of one person from the bare log, without knowing what was served: something wanted, against what was skipped, hidden,
 * disliked or rated badly within 20 events of it. Impressions and skips count within one visit only; an item that was wanted at any
 * time, or was in the history already, is no rejected one.
 */
export function preferencesFromLog(person: number, events: readonly LoggedEvent[]): Preference[] {
  const wanted = new Set(events.filter((event) => polarity(event) > 0).map(({ item }) => item));
  const history = new Int32Array(events.length); // it only grows, so every preference is given a piece of this one
  const had = new Set<number>();
  return events.flatMap((event, index) => {
    const [before, isKnown] = [history.subarray(0, had.size), had.has(event.item)];
    if (isInteraction(event) && !isKnown) {
      history[had.size] = event.item;
      had.add(event.item);
    }
    if (!isChosen(event) || before.length === 0 || isKnown) return [];
    const near = events.slice(Math.max(0, index - WINDOW), index + WINDOW + 1);
    const left = near.filter((other) => passedOver(other, event)).map(({ item }) => item);
    const rejected = new Set(left.filter((item) => !wanted.has(item) && !had.has(item)));
    if (rejected.size === 0) return [];
    return [{ person, history: before, chosen: event.item, rejected: Int32Array.from(rejected) }];
  });
}

function isChosen(event: LoggedEvent): boolean {
  return event.type === 'RATE' ? (event.value ?? 0) >= LIKED : polarity(event) > 0;
}

function passedOver(event: LoggedEvent, chosen: LoggedEvent): boolean {
  if (polarity(event) < 0) return true;
  if (event.type !== 'SKIP' && event.type !== 'IMPRESSION') return false;
  return Math.abs(event.at - chosen.at) <= VISIT;
}
