import type { HistoryContext } from './history-context.js';
import type { PartScores } from './score-questions.js';

/** So many answers are between their ranking and their reasons at a time; each takes 20 bytes an item with five parts. */
const MOST = 4;

/** The parts' scores of the last few questions: the reasons ask, a moment after the ranking, about the very same history. */
export interface RecentScores {
  get(history: Int32Array, context: HistoryContext): PartScores | undefined;
  /** The scores must not change afterwards. */
  set(history: Int32Array, context: HistoryContext, scores: PartScores): void;
}

export function recentScores(): RecentScores {
  const kept = new Map<string, PartScores>();
  return {
    get: (history, context) => kept.get(keyOf(history, context)),
    set(history, context, scores) {
      kept.set(keyOf(history, context), scores);
      const [oldest] = kept.keys();
      if (kept.size > MOST && oldest !== undefined) kept.delete(oldest);
    },
  };
}

/** All that a part may read of a question. */
function keyOf(history: Int32Array, { times, actions, now, goal }: HistoryContext): string {
  return [history, times, actions, now, goal].map((one) => one?.toString() ?? '').join(';');
}
