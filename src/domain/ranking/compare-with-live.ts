import { type Random, shuffled } from '../random.js';
import { newestOf } from './history-context.js';
import { halfTieRank, ndcgAt } from './metrics.js';
import { type Interval, pairedInterval } from './paired-interval.js';
import type { RankingPart } from './part.js';
import type { Protocol, Question } from './protocols.js';
import { beat, type Watch } from './watch.js';

/** A model that is in use and has to be beaten. */
export interface Rival {
  /** Scores of every item of the data, one array (itemCount) per history; -Infinity for items it does not know. */
  readonly score: RankingPart['score'];
  /** Time in seconds of the newest event that it may have learned from. */
  readonly until: number;
}

export interface RivalComparison {
  /** N@10 of either on the same questions. */
  readonly own: number;
  readonly rival: number;
  /** Own minus rival, person by person. */
  readonly gain: Interval;
  readonly people: number;
}

export interface ComparisonOptions {
  readonly protocol: Protocol;
  /** The rank of each question's target (0: first) by the new model, as `evaluate` found it. */
  readonly ranks: Float64Array; // (questions)
  readonly rival: Rival | undefined;
  /** Seconds beside each item of the people's sequences. */
  readonly times: readonly Float64Array[];
  readonly watch?: Watch | undefined;
}

/** With fewer people the 95 % interval of a mean of mostly zeros is not to be trusted: "cannot be compared" is the honest answer. */
export const FEWEST_COMPARABLE = 100;
/** The standard error of N@10 over 3,000 people is about 0.003; a question costs some milliseconds. */
const MOST_COMPARED = 3000;

/**
 * Both models answer the same held-out questions, the new one in `evaluate`. Asked is only what happened after everything the rival learned from: it has been
 * fitted again on all events of its time, so an older answer may be known to it by heart. Null without a rival, and when too few such questions exist.
 */
export async function compareWithLive(
  questions: readonly Question[],
  { protocol, ranks, rival, times, watch }: ComparisonOptions,
  random: Random,
): Promise<RivalComparison | null> {
  if (rival === undefined) return null;
  const newer = [...questions.entries()].filter(
    ([, { person, history }]) => (times[person]?.[history.length] ?? -Infinity) > rival.until,
  );
  if (newer.length < FEWEST_COMPARABLE) return null;
  const asked = shuffled(newer, random.fork('questions')).slice(0, MOST_COMPARED);
  const own = Float64Array.from(asked, ([question]) => ndcgAt(ranks[question] as number, 10));
  const other = new Float64Array(asked.length);
  for (const [index, [, question]] of asked.entries()) {
    const scores = await rivalScores(rival, protocol, question);
    const seen = new Set(protocol.removeSeen ? question.history : []);
    other[index] = ndcgAt(halfTieRank(scores, question.target, seen), 10);
    await beat(watch, (index + 1) / asked.length);
  }
  const mean = (gains: Float64Array) => gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  const gain = pairedInterval(own, other, random.fork('bootstrap'));
  return { own: mean(own), rival: mean(other), gain, people: asked.length };
}

/** As much of the history as the new model read, weighed by the length it really has. */
async function rivalScores(
  { score }: Rival,
  { maxHistory }: Protocol,
  { history, context = {} }: Question,
): Promise<Float32Array> {
  const contexts = [{ ...newestOf(context, maxHistory), length: history.length }];
  const [scores] = await score([history.subarray(-maxHistory)], contexts);
  return scores as Float32Array;
}
