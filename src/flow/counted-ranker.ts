import type { ServingRanker } from '../domain/ranking/serving-ranker.js';

/** What a ranker may have open: compiled graphs. */
export type OpenRanker = ServingRanker & { dispose?(): Promise<void> };

export interface CountedRanker {
  /** The same ranker, whose running questions are counted. */
  readonly ranker: ServingRanker;
  /** Closes it as soon as its last running question is answered. */
  retire(): void;
}

/**
 * A ranker that another one replaces may still be answering, and whoever took the view a moment ago may still ask. Every method that
 * answers with a promise counts as a question. A late question finds the ranker closed, which opens what it needs anew, and closes
 * again behind it: slower once, never a failure.
 */
export function countedRanker(open: OpenRanker, onFailure: (error: unknown) => void): CountedRanker {
  let running = 0;
  let isRetired = false;
  const closeIfDone = () => {
    if (isRetired && running === 0) open.dispose?.().catch(onFailure);
  };
  const counted = async <T>(answer: Promise<T>): Promise<T> => {
    running++;
    try {
      return await answer;
    } finally {
      running--;
      closeIfDone();
    }
  };
  const wrapped = Object.entries(open).map(([key, value]: [string, unknown]): [string, unknown] => {
    if (typeof value !== 'function') return [key, value];
    const asking = (...given: unknown[]): unknown => {
      const answer: unknown = Reflect.apply(value, open, given);
      return answer instanceof Promise ? counted(answer) : answer;
    };
    return [key, asking];
  });
  return {
    ranker: Object.fromEntries(wrapped) as unknown as ServingRanker,
    retire() {
      isRetired = true;
      closeIfDone();
    },
  };
}
