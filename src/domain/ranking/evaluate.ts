import { seededRandom } from '../random.js';
import { type Fusion, fusedScores } from './fusion.js';
import { bucketOf, HISTORY_BUCKETS, type HistoryBucket } from './history-buckets.js';
import {
  halfTieRank,
  listQuality,
  type ListQuality,
  meanQuality,
  ndcgAt,
  type RankedQuality,
} from './metrics.js';
import { type Interval, pairedInterval } from './paired-interval.js';
import type { PartName, RankingPart } from './part.js';
import type { Protocol, ProtocolName, Question } from './protocols.js';
import { type PartScores, scoreQuestions } from './score-questions.js';
import { topItems } from './top-items.js';
import type { Watch } from './watch.js';

/** What a table is read against, though no ranker is made of it: what most people wanted in the last seven days. */
export type ReferenceName = 'popularity7';
export type Contestant = PartName | ReferenceName | 'fusion';

export interface ContestantReport extends RankedQuality, ListQuality {
  /** Quality per length of history; buckets nobody is in are absent. */
  readonly buckets: Partial<Record<HistoryBucket, RankedQuality & { readonly people: number }>>;
  /** Difference of N@10 to popularity, person by person, with a 95 % bootstrap interval. */
  readonly gainOverPopularity: Interval;
}

export interface ProtocolReport {
  readonly protocol: ProtocolName;
  readonly people: number;
  readonly contestants: Partial<Record<Contestant, ContestantReport>>;
}

export interface Contest {
  readonly protocol: Protocol;
  readonly fusion: Fusion;
}

export interface EvaluationOptions {
  readonly parts: readonly RankingPart[];
  /** Protocols over the same split, judged in one pass over the scores. */
  readonly contests: readonly Contest[];
  /** People who had each item in training: what novelty and popularity bias are measured against. */
  readonly supports: Int32Array;
  readonly knownPeople: number;
  /** The same scores for everybody (itemCount). */
  readonly references?: Readonly<Partial<Record<ReferenceName, Float32Array>>>;
  readonly watch?: Watch | undefined;
  /** Told the rank of each question's target (0: first) among all items by the first contest's fusion. */
  readonly onRank?: (question: number, rank: number) => void;
}

/** Answers every question with every part and every fusion, over the full catalogue, and judges ranks and lists. */
export async function evaluate(
  questions: readonly Question[],
  options: EvaluationOptions,
): Promise<ProtocolReport[]> {
  const references = options.references ?? {};
  const names = [...options.parts.map(({ name }) => name), ...Object.keys(references), 'fusion'];
  const tallies = options.contests.map((contest) => ({
    contest,
    rows: new Map<Contestant, Tally>(
      (names as Contestant[]).map((name) => [name, emptyTally(questions.length, options.supports.length)]),
    ),
  }));
  const maxHistory = Math.max(...options.contests.map(({ protocol }) => protocol.maxHistory));
  await scoreQuestions(
    questions,
    { parts: options.parts, maxHistory, watch: options.watch },
    (question, scores, index) => {
      for (const { contest, rows } of tallies)
        judge(question, { ...scores, ...references }, { contest, rows, index });
      options.onRank?.(index, tallies[0]?.rows.get('fusion')?.ranks[index] as number);
    },
  );
  return tallies.map(({ contest, rows }) => report(questions, contest.protocol, rows, options));
}

interface Tally {
  readonly ranks: Float64Array; // (questions)
  readonly exposure: Float64Array; // (items)
}

function emptyTally(questions: number, items: number): Tally {
  return { ranks: new Float64Array(questions), exposure: new Float64Array(items) };
}

interface Seat {
  readonly contest: Contest;
  readonly rows: ReadonlyMap<Contestant, Tally>;
  readonly index: number;
}

type Scores = PartScores & EvaluationOptions['references'];

function judge(question: Question, scores: Scores, { contest, rows, index }: Seat): void {
  const seen = new Set(contest.protocol.removeSeen ? question.history : []);
  for (const [name, { ranks, exposure }] of rows) {
    const own =
      name === 'fusion' ? fusedScores(contest.fusion, scores, question.history.length) : scores[name];
    if (own === undefined) continue;
    ranks[index] = halfTieRank(own, question.target, seen);
    for (const item of topItems(own, 10, seen)) exposure[item] = (exposure[item] as number) + 1;
  }
}

function report(
  questions: readonly Question[],
  protocol: Protocol,
  rows: ReadonlyMap<Contestant, Tally>,
  { supports, knownPeople }: EvaluationOptions,
): ProtocolReport {
  const gains = ({ ranks }: Tally) => Float64Array.from(ranks, (rank) => ndcgAt(rank, 10));
  const popularity = rows.get('popularity');
  const baseline = popularity ? gains(popularity) : new Float64Array(questions.length);
  const contestants: Partial<Record<Contestant, ContestantReport>> = {};
  for (const [name, tally] of rows) {
    contestants[name] = {
      ...meanQuality(tally.ranks),
      ...listQuality(tally.exposure, supports, knownPeople),
      buckets: bucketReports(questions, tally.ranks),
      gainOverPopularity: pairedInterval(gains(tally), baseline, seededRandom('bootstrap')),
    };
  }
  return { protocol: protocol.name, people: questions.length, contestants };
}

function bucketReports(questions: readonly Question[], ranks: Float64Array): ContestantReport['buckets'] {
  const buckets: ContestantReport['buckets'] = {};
  HISTORY_BUCKETS.forEach(({ label }, bucket) => {
    const own = ranks.filter((_, q) => bucketOf((questions[q] as Question).history.length) === bucket);
    if (own.length > 0) buckets[label] = { ...meanQuality(own), people: own.length };
  });
  return buckets;
}
