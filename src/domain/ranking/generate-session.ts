import type { FoundItem } from './beam-search.js';

/** The likeliest next items after a history, best first, none of them taken. */
export type NextItems = (
  history: Int32Array,
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
  history: Int32Array,
  { length, excluded, resemblance }: SessionOptions,
): Promise<FoundItem[]> {
  const chosen: FoundItem[] = [];
  const taken = new Set(excluded);
  while (chosen.length < length) {
    const read = Int32Array.from([...history, ...chosen.map(({ item }) => item)]);
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
  }
  return chosen;
}
