import { bucketOf } from './history-buckets.js';
import { normaliseScores, type Normalisation, spreadOf } from './normalise-scores.js';
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
  readonly protocol: Protocol;
  readonly normalisations: readonly Normalisation[];
  readonly watch?: Watch | undefined;
}

export async function collectCandidates(
  questions: readonly Question[],
  { parts, protocol, normalisations, watch }: CandidateOptions,
): Promise<FusionCandidates> {
  const scales = await scalesOf(questions, parts, protocol);
  const start = new Int32Array(questions.length + 1);
  const collected = new Map(normalisations.map((kind) => [kind, parts.map(() => [] as Float32Array[])]));
  await scoreQuestions(
    questions,
    { parts, maxHistory: protocol.maxHistory, watch },
    (question, scores, q) => {
      const raw = parts.map(({ name }) => scores[name] as Float32Array);
      const candidates = candidatesOf(question, raw, protocol);
      start[q + 1] = (start[q] as number) + candidates.length;
      for (const [kind, columns] of collected) {
        raw.forEach((one, p) => {
          const normal = normaliseScores(one, kind, scales[p] as number);
          (columns[p] as Float32Array[]).push(picked(normal, candidates));
        });
      }
    },
  );
  const joinedOf = (kind: Normalisation) => (collected.get(kind) ?? []).map(joined);
  return {
    parts: parts.map(({ name }) => name),
    scales,
    bucket: Uint8Array.from(questions, ({ history }) => bucketOf(history.length)),
    start,
    scores: {
      scaled: joinedOf('scaled'),
      'z-score': joinedOf('z-score'),
      'reciprocal-rank': joinedOf('reciprocal-rank'),
    },
  };
}

/** Mean spread of each part's scores over the first few hundred people. */
async function scalesOf(questions: readonly Question[], parts: readonly RankingPart[], protocol: Protocol) {
  const some = questions.slice(0, 256);
  const sums = parts.map(() => 0);
  await scoreQuestions(some, { parts, maxHistory: protocol.maxHistory }, (_, scores) => {
    parts.forEach(({ name }, p) => (sums[p] = (sums[p] ?? 0) + spreadOf(scores[name] as Float32Array)));
  });
  return sums.map((sum) => sum / Math.max(some.length, 1) || 1);
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
