import { type HistoryContext, newestOf } from './history-context.js';

/** What a trunk may read beside items, token by token: graph inputs of these names. */
export interface PackedContext {
  /** When the item came, in seconds before the question of its sequence (so 0 or less): small enough for 32 bits. */
  readonly times: Int32Array; // (rows, length)
  /** When the item after it came, or was asked for, on the same scale; `UNKNOWN_TIME` where times are not known. */
  readonly asked: Int32Array; // (rows, length)
  readonly actions: Int32Array; // (rows, length), 0 where unknown
  /** What was done with the item after it, or is wanted of it; 0 for anything. */
  readonly goals: Int32Array; // (rows, length)
}

/** Before every time of its sequence, so that each gap is negative, which the time bias takes for unknown. */
const UNKNOWN_TIME = -1;
/** 68 years: what lies further back is as far as this. */
const FURTHEST = -(2 ** 31) + 2;

/** Times all 0, asked before them: nothing is known. */
export function unknownContext(size: number): PackedContext {
  return {
    times: new Int32Array(size),
    asked: new Int32Array(size).fill(UNKNOWN_TIME),
    actions: new Int32Array(size),
    goals: new Int32Array(size),
  };
}

/** Writes the context of the sequence that lies at `first`..`last`; of a longer one its newest tokens lie there. */
export function packContext(
  packed: PackedContext,
  whole: HistoryContext,
  { first, last }: { first: number; last: number },
): void {
  const count = last - first + 1;
  const { times, actions, now, goal } = newestOf(whole, count);
  if (times?.length === count) {
    const asked = Math.max(now ?? -Infinity, times[count - 1] as number);
    const before = (time: number) => Math.max(FURTHEST, Math.round(time - asked));
    for (let i = 0; i < count; i++) {
      packed.times[first + i] = before(times[i] as number);
      packed.asked[first + i] = i + 1 < count ? before(times[i + 1] as number) : 0;
    }
  }
  if (actions?.length === count) {
    packed.actions.set(actions, first);
    packed.goals.set(actions.subarray(1), first);
  }
  packed.goals[last] = goal ?? 0;
}
