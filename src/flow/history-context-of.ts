import { goalOf } from '../domain/ranking/actions.js';
import { DomainError } from '../domain/errors.js';
import { EVENT_TYPES, type EventType } from '../domain/event.js';
import type { HistoryContext } from '../domain/ranking/history-context.js';
import type { HistoryEntry } from '../domain/recommendation.js';

/** What a ranker may know beside the items of a history: when and how each came about, and when it is asked. */
export function historyContextOf(
  history: readonly HistoryEntry[],
  now: Date,
  goal: EventType | null = null,
): HistoryContext {
  return {
    times: Float64Array.from(history, ({ at }) => at.getTime() / 1000),
    actions: Int32Array.from(history, ({ action }) => action ?? 0),
    now: now.getTime() / 1000,
    ...(goal !== null && { goal: goalNumber(goal) }),
  };
}

/** Only what a history can hold can be wished for: nobody is shown what they will dislike. */
function goalNumber(goal: EventType): number {
  const number = goalOf(goal);
  if (number > 0) return number;
  const wanted = EVENT_TYPES.filter((type) => goalOf(type) > 0).join(', ');
  throw new DomainError('INVALID_INPUT', `goal: one of ${wanted} was wanted, ${goal} came`, {
    path: ['goal'],
  });
}
