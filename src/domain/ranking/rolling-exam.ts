import { momentAt } from './moment-at.js';
import type { RankingData } from './part.js';
import { firstAtOrAfter, type Question } from './protocols.js';

/** A moment in the past, and what people did next after it. */
export interface RollingExam {
  /** Seconds; only what happened before may be known. */
  readonly until: number;
  readonly questions: readonly Question[];
}

/** Shares of the events at which the past is stopped; each exam asks about the tenth that follows. */
const STOPS = [0.5, 0.6, 0.7, 0.8, 0.9] as const;
const SPAN = 0.1;

/**
 * Several global time splits inside data that may be learned from (rolling origin; Tashman 2000). One split of a small set asks
 * 60 to 200 people, which is too few to choose by: MovieLens-100K has 197 in its validation window and 790 in five exams.
 */
export function rollingExams(data: RankingData): RollingExam[] {
  const times = data.times;
  if (times === undefined) throw new Error('exams over time need times, the data has none');
  const at = momentAt(times);
  return STOPS.map((stop) => ({ until: at(stop), questions: firstOf(data, at(stop), at(stop + SPAN)) }));
}

/** One question per person who did something from `from` to before `until`: the first thing they did. */
function firstOf({ sequences, times }: RankingData, from: number, until: number): Question[] {
  return sequences.flatMap((sequence, person) => {
    const own = times?.[person] as Float64Array;
    const first = firstAtOrAfter(own, from);
    if (first >= firstAtOrAfter(own, until)) return [];
    return [{ person, history: sequence.subarray(0, first), target: sequence[first] as number }];
  });
}
