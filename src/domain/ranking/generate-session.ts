import type { FoundItem } from './beam-search.js';
import type { HistoryContext } from './history-context.js';

/** Items, oldest first, and how they came about. */
export interface SessionHistory {
  readonly history: Int32Array;
  readonly context: HistoryContext;
}

/** The likeliest next items after a history, best first, none of them taken. */
export type NextItems = (
  read: SessionHistory,
  taken: ReadonlySet<number>,
  few: number,
) => Promise<readonly FoundItem[]>;

export interface SessionOptions {
  readonly length: number;
  /** Items that may not come, for example those the person may not see. */
  readonly excluded: ReadonlySet<number>;
  /** In [-1, 1], 1 for the same; what looks like the last ones chosen is put off. */
  readonly resemblance: (a: number, b: number) => number;
}

/** Items that one step chooses among. */
const CHOICE = 16;
/** Worth of full resemblance in units of log-probability: an item as like as can be must be 7 times as likely. */
const SAMENESS = 2;
/** How far back sameness is looked for: what stood a page ago is welcome again. */
const WINDOW = 4;

/**
 * A list made as one (OneRec, Deng et al. 2025, section 3.2): each item is decoded after the history *and* the items chosen before
 * it, so that the list goes somewhere instead of giving ten answers to one question. Never repeats; ends early where nothing is left.
 */
export async function generateSession(
  next: NextItems,
  start: SessionHistory,
  { length, excluded, resemblance }: SessionOptions,
): Promise<FoundItem[]> {
  const chosen: FoundItem[] = [];
  const taken = new Set(excluded);
  let read = start;
  while (chosen.length < length) {
    const choice = await next(read, taken, CHOICE);
    const recent = chosen.slice(-WINDOW);
    const worth = choice.map(
      ({ item, logProb }) =>
        logProb - SAMENESS * Math.max(0, ...recent.map((one) => resemblance(item, one.item))),
    );
    const best = choice[worth.indexOf(Math.max(...worth))];
    if (best === undefined) break;
    chosen.push(best);
    taken.add(best.item);
    read = continued(read, best.item);
  }
  return chosen;
}

/** As if the person had taken the item now; what they would do with it is what is wanted of the answer. */
function continued({ history, context }: SessionHistory, item: number): SessionHistory {
  const { times, actions, now, goal = 0, length } = context;
  return {
    history: Int32Array.of(...history, item),
    context: {
      ...context,
      ...(times && { times: Float64Array.of(...times, now ?? times.at(-1) ?? 0) }),
      ...(actions && { actions: Int32Array.of(...actions, goal) }),
      ...(length !== undefined && { length: length + 1 }),
    },
  };
}
