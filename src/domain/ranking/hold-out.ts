import { type Random, shuffled } from '../random.js';
import { contextBefore, type HistoryContext } from './history-context.js';
import type { HeldOut } from './training.js';

/** People who validate an epoch: the standard error of N@10 over 3,000 is about 0.003, and scoring them takes a second. */
const MOST_QUESTIONS = 3000;
/** Share of the people whose last item is held out where the caller has no validation set. */
const SHARE = 0.1;

export interface Lesson {
  readonly sequences: readonly Int32Array[];
  /** Beside the sequences, where the data has times or actions. */
  readonly contexts?: readonly HistoryContext[];
  readonly questions: readonly HeldOut[];
}

/** What to learn from and what to stop by: the given questions (a seeded sample), or the last items of some people. */
export function holdOut(
  sequences: readonly Int32Array[],
  validation: readonly HeldOut[] | undefined,
  random: Random,
  contexts?: readonly HistoryContext[],
): Lesson {
  if (validation && validation.length > 0) {
    const questions = shuffled(validation, random).slice(0, MOST_QUESTIONS);
    return { sequences, questions, ...(contexts && { contexts }) };
  }
  const eligible = sequences.flatMap((s, person) => (s.length >= 3 ? [person] : []));
  const wanted = Math.min(MOST_QUESTIONS, Math.ceil(SHARE * eligible.length));
  const chosen = new Set(shuffled(eligible, random).slice(0, wanted));
  const questions = [...chosen].map((person) => {
    const s = sequences[person] as Int32Array;
    const context = contexts?.[person];
    return {
      ...{ history: s.subarray(0, -1), target: s[s.length - 1] as number },
      ...(context && { context: contextBefore(context, 0, s.length - 1) }),
    };
  });
  return {
    sequences: sequences.map((s, person) => (chosen.has(person) ? s.subarray(0, -1) : s)),
    questions,
    ...(contexts && { contexts }),
  };
}
