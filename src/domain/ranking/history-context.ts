/** What is known beside the items of a history. Everything may be missing; what a ranker was not trained with is not read. */
export interface HistoryContext {
  /** Seconds since the epoch beside each item. */
  readonly times?: Float64Array | undefined;
  /** What was done with each item, see `actionOf`. */
  readonly actions?: Int32Array | undefined;
  /** When the next item is asked for, in seconds since the epoch. */
  readonly now?: number | undefined;
  /** Which action the next item is wanted for; 0 or nothing: any. */
  readonly goal?: number | undefined;
  /** How long the history was before it was cut: the weights of the parts go by it. Nothing: as long as it is. */
  readonly length?: number | undefined;
}

/** The part of `RankingData` that contexts are made of. */
interface Timeline {
  readonly sequences: readonly Int32Array[];
  readonly times?: readonly Float64Array[];
  readonly actions?: readonly Int32Array[];
}

/** The contexts of all sequences, where the data has any. */
export function contextsOf({ sequences, times, actions }: Timeline): readonly HistoryContext[] | undefined {
  if (times === undefined && actions === undefined) return undefined;
  return sequences.map((_, person) => ({ times: times?.[person], actions: actions?.[person] }));
}

/**
 * Items `start` to `end` (excluded) of a longer history, asked for when the item after them came. The goal is left open: what will be
 * done with the answer is known to training alone.
 */
export function contextBefore(
  { times, actions }: HistoryContext,
  start: number,
  end: number,
): HistoryContext {
  return {
    times: times?.subarray(start, end),
    actions: actions?.subarray(start, end),
    now: times?.[end],
  };
}

/** The newest `count` items; the question stays. */
export function newestOf(context: HistoryContext, count: number): HistoryContext {
  const { times, actions } = context;
  return { ...context, times: times?.subarray(-count), actions: actions?.subarray(-count) };
}
