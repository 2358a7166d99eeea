import { type Random, shuffled } from '../random.js';
import type { Contest } from './evaluate.js';
import { newestOf } from './history-context.js';
import { fusedScores } from './fusion.js';
import { halfTieRank, ndcgAt } from './metrics.js';
import { type Interval, pairedInterval } from './paired-interval.js';
import type { RankingPart } from './part.js';
import type { Question } from './protocols.js';
import { scoreQuestions } from './score-questions.js';
import type { Watch } from './watch.js';

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
  readonly parts: readonly RankingPart[];
  readonly contest: Contest;
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
 * Both models answer the same held-out questions. Asked is only what happened after everything the rival learned from: it has been
 * fitted again on all events of its time, so an older answer may be known to it by heart. Null without a rival, and when too few such questions exist.
 */
export async function compareWithLive(
  questions: readonly Question[],
  { parts, contest: { protocol, fusion }, rival, times, watch }: ComparisonOptions,
  random: Random,
): Promise<RivalComparison | null> {
  if (rival === undefined) return null;
  const newer = questions.filter(
    ({ person, history }) => (times[person]?.[history.length] ?? -Infinity) > rival.until,
  );
  if (newer.length < FEWEST_COMPARABLE) return null;
  const asked = shuffled(newer, random.fork('questions')).slice(0, MOST_COMPARED);
  const gainOf = ({ history, target }: Question, scores: Float32Array) =>
    ndcgAt(halfTieRank(scores, target, new Set(protocol.removeSeen ? history : [])), 10);
  const own = new Float64Array(asked.length);
  await scoreQuestions(
    asked,
    { parts, maxHistory: protocol.maxHistory, watch },
    (question, scores, index) => {
      own[index] = gainOf(question, fusedScores(fusion, scores, question.history.length));
    },
  );
  const other = new Float64Array(asked.length);
  for (const [index, question] of asked.entries()) {
    const { history, context = {} } = question;
    const contexts = [newestOf(context, protocol.maxHistory)];
    const [scores] = await rival.score([history.subarray(-protocol.maxHistory)], contexts);
    other[index] = gainOf(question, scores as Float32Array);
  }
  const mean = (gains: Float64Array) => gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  const gain = pairedInterval(own, other, random.fork('bootstrap'));
  return { own: mean(own), rival: mean(other), gain, people: asked.length };
}
