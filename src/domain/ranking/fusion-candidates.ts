import { bucketOf } from './history-buckets.js';
import { normaliseScores, type Normalisation, NORMALISATIONS, spreadOf } from './normalise-scores.js';
import type { PartName, RankingPart } from './part.js';
import type { Protocol, Question } from './protocols.js';
import { scoreQuestions } from './score-questions.js';
import { topItems } from './top-items.js';
import type { Watch } from './watch.js';

/** Each part's best items per person: the fused top 10 is practically always among them, so ranks within 10 are exact. */
const BEST_OF_EACH = 100;

/** What the weights of a fusion are fitted on: per question, the target (first) and its serious rivals, scored by each part. */
export interface FusionCandidates {
  readonly parts: readonly PartName[];
  readonly scales: readonly number[];
  readonly bucket: Uint8Array; // (questions)
  /** Candidates of question q are start[q] .. start[q + 1] - 1, the target first. */
  readonly start: Int32Array; // (questions + 1)
  /** By normalisation and part, one normalised score per candidate. */
  readonly scores: Readonly<Record<Normalisation, readonly Float32Array[]>>;
}

export interface CandidateOptions {
  readonly parts: readonly RankingPart[];
  /** Protocols over one split; scores are made once for all of them. */
  readonly protocols: readonly Protocol[];
  readonly watch?: Watch | undefined;
}

/** One set of candidates per protocol. */
export async function collectCandidates(
  questions: readonly Question[],
  { parts, protocols, watch }: CandidateOptions,
): Promise<FusionCandidates[]> {
  const piles = protocols.map(() => emptyPile(questions.length, parts.length));
  const spreads = new Float64Array(parts.length);
  const maxHistory = Math.max(...protocols.map((protocol) => protocol.maxHistory));
  await scoreQuestions(questions, { parts, maxHistory, watch }, (question, scores, q) => {
    const raw = parts.map(({ name }) => scores[name] as Float32Array);
    raw.forEach((one, p) => (spreads[p] = (spreads[p] as number) + spreadOf(one)));
    const normal = raw.map((one) => normalised(one));
    protocols.forEach((protocol, pile) => {
      addTo(piles[pile] as Pile, q, candidatesOf(question, raw, protocol), normal);
    });
  });
  const scales = Array.from(spreads, (sum) => sum / Math.max(questions.length, 1) || 1);
  const bucket = Uint8Array.from(questions, ({ history }) => bucketOf(history.length));
  return piles.map(({ start, columns }) => ({
    ...{ parts: parts.map(({ name }) => name), scales, bucket, start },
    scores: {
      // dividing by the scale is left to the end, when it is known
      scaled: columns.scaled.map((rows, p) => joined(rows).map((score) => score / (scales[p] as number))),
      'z-score': columns['z-score'].map(joined),
      'reciprocal-rank': columns['reciprocal-rank'].map(joined),
    },
  }));
}

interface Pile {
  readonly start: Int32Array;
  readonly columns: Readonly<Record<Normalisation, Float32Array[][]>>;
}

function emptyPile(questions: number, parts: number): Pile {
  const empty = () => Array.from({ length: parts }, () => [] as Float32Array[]);
  const columns = { scaled: empty(), 'z-score': empty(), 'reciprocal-rank': empty() };
  return { start: new Int32Array(questions + 1), columns };
}

function normalised(raw: Float32Array): Record<Normalisation, Float32Array> {
  return {
    scaled: raw,
    'z-score': normaliseScores(raw, 'z-score', 1),
    'reciprocal-rank': normaliseScores(raw, 'reciprocal-rank', 1),
  };
}

function addTo(
  { start, columns }: Pile,
  question: number,
  candidates: Int32Array,
  normal: readonly Record<Normalisation, Float32Array>[],
): void {
  start[question + 1] = (start[question] as number) + candidates.length;
  for (const kind of NORMALISATIONS) {
    normal.forEach((scores, p) =>
      (columns[kind][p] as Float32Array[]).push(picked(scores[kind], candidates)),
    );
  }
}

function candidatesOf(
  { history, target }: Question,
  raw: readonly Float32Array[],
  protocol: Protocol,
): Int32Array {
  const seen = new Set(protocol.removeSeen ? history : []);
  const rivals = new Set(raw.flatMap((scores) => [...topItems(scores, BEST_OF_EACH, seen)]));
  rivals.delete(target);
  return Int32Array.of(target, ...rivals);
}

function picked(from: Float32Array, at: Int32Array): Float32Array {
  return Float32Array.from(at, (item) => from[item] as number);
}

function joined(rows: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(rows.reduce((sum, row) => sum + row.length, 0));
  let at = 0;
  for (const row of rows) {
    whole.set(row, at);
    at += row.length;
  }
  return whole;
}
