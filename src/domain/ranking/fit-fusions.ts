import { shuffled, type Random } from '../random.js';
import type { Fusion } from './fusion.js';
import { collectCandidates, type CandidateOptions, type FusionCandidates } from './fusion-candidates.js';
import { HISTORY_BUCKETS, type HistoryBucket } from './history-buckets.js';
import { ndcgAt } from './metrics.js';
import { type Normalisation, NORMALISATIONS } from './normalise-scores.js';
import type { PartName } from './part.js';
import type { Question } from './protocols.js';

/** Questions that the weights are fitted on: more changes N@10 by less than its noise and only costs time. */
const MOST_QUESTIONS = 6000;
/** A bucket with fewer questions takes the weights that fit everybody who has a history. */
const FEWEST_IN_BUCKET = 300;
/** With fewer questions nobody can tell what is better: such a bucket is judged together with its neighbours. */
const FEWEST_TO_JUDGE = 30;
/** A change must win this share of N@10 to be believed, and more than one person's first place. */
const WORTH = 0.002;
/** A part must bring the first places of two people: lucky noise brings one, and what does not help ends at 0. */
const PLACES_OF_A_PART = 2;

function worthOf({ questions }: Board, score: number, places = 1): number {
  return Math.max(score * WORTH, places / Math.max(questions.length, 1));
}

/** Multiples tried of a weight at each turn. */
const STEPS = [0, 0.25, 0.5, 0.7, 0.85, 1.2, 1.5, 2, 4] as const;
const ROUNDS = 6;

export interface FittedFusion {
  readonly fusion: Fusion;
  /** N@10 on the questions it was fitted on. */
  readonly validation: number;
  /** The same per length of history, beside the best part alone. */
  readonly buckets: readonly FittedBucket[];
}

export interface FittedBucket {
  readonly label: HistoryBucket;
  readonly questions: number;
  readonly fusion: number;
  readonly best: { readonly part: PartName; readonly N10: number };
}

export interface FittingOptions extends CandidateOptions {
  /** The part that answers people without a history where validation asks none of them. */
  readonly newcomers: PartName;
}

/**
 * Fits weights per history bucket on validation by coordinate ascent on N@10 itself, one fusion per protocol: start from the best
 * part alone, change one weight at a time as long as it is worth it. No bucket ends below the best of its parts. Deterministic for a seed.
 */
export async function fitFusions(
  questions: readonly Question[],
  options: FittingOptions,
  random: Random,
): Promise<FittedFusion[]> {
  const sample = shuffled(questions, random).slice(0, MOST_QUESTIONS);
  return (await collectCandidates(sample, options)).map((candidates) =>
    fitOne(candidates, options.newcomers),
  );
}

function fitOne(candidates: FusionCandidates, newcomers: PartName): FittedFusion {
  const withHistory = indicesWhere(candidates.bucket, (bucket) => bucket !== 0);
  const base = withHistory.length > 0 ? withHistory : indicesWhere(candidates.bucket, () => true);
  const fits = NORMALISATIONS.map((normalisation) => {
    const board = boardOf(candidates, normalisation, base);
    const weights = climb(board, startWeights(board));
    return { normalisation, weights, score: ndcgOf(board, weights) };
  });
  const best = fits.reduce((a, b) => (b.score > a.score ? b : a));
  const weights = HISTORY_BUCKETS.map((_, bucket) => {
    const own = indicesWhere(candidates.bucket, peersOf(candidates.bucket, bucket));
    const board = boardOf(candidates, best.normalisation, own);
    if (bucket > 0) return notBelowAnyPart(board, own.length < FEWEST_IN_BUCKET ? best.weights : climb(board, best.weights)); // prettier-ignore
    if (own.length < FEWEST_TO_JUDGE) return candidates.parts.map((name) => (name === newcomers ? 1 : 0));
    return notBelowAnyPart(board, climb(board, startWeights(board)));
  });
  const { parts, scales } = candidates;
  const fusion = { normalisation: best.normalisation, parts, scales, weights };
  const buckets = bucketScores(candidates, fusion);
  const validation = buckets.reduce((sum, one) => sum + one.questions * one.fusion, 0);
  return { fusion, validation: validation / Math.max(candidates.bucket.length, 1), buckets };
}

/**
 * The bucket, widened by its neighbours until there is enough to judge by. Newcomers are like nobody else: what all other parts
 * say of them is nothing, so they are never mixed with people who have a history.
 */
function peersOf(buckets: Uint8Array, bucket: number): (other: number) => boolean {
  let reach = 0;
  const isPeer = (other: number) =>
    bucket === 0 ? other === 0 : other > 0 && Math.abs(other - bucket) <= reach;
  while (bucket > 0 && reach < HISTORY_BUCKETS.length) {
    if (indicesWhere(buckets, isPeer).length >= FEWEST_TO_JUDGE) break;
    reach++;
  }
  return isPeer;
}

/** Steps from the fitted weights to the best part alone, of which the first is taken that is not below it. */
const TOWARDS = [0, 0.25, 0.5, 0.75, 1] as const;

/** A fusion may lose to one of its parts where it was fitted on other people, or where simplifying it gave places away. */
function notBelowAnyPart(board: Board, weights: readonly number[]): number[] {
  const alone = startWeights(board);
  const wanted = ndcgOf(board, alone);
  const largest = Math.max(...weights);
  const mixed = TOWARDS.map((share) =>
    weights.map((weight, p) => (1 - share) * (weight / largest) + share * (alone[p] as number)),
  );
  return mixed.find((one) => ndcgOf(board, one) >= wanted) ?? alone;
}

function bucketScores(
  candidates: FusionCandidates,
  { normalisation, weights, parts }: Fusion,
): FittedBucket[] {
  return HISTORY_BUCKETS.flatMap(({ label }, bucket) => {
    const own = indicesWhere(candidates.bucket, (one) => one === bucket);
    if (own.length === 0) return [];
    const board = boardOf(candidates, normalisation, own);
    const alone = startWeights(board);
    const best = { part: parts[alone.indexOf(1)] as PartName, N10: ndcgOf(board, alone) };
    return [{ label, questions: own.length, fusion: ndcgOf(board, weights[bucket] as number[]), best }];
  });
}

/** The questions of one group and one normalisation. */
interface Board {
  readonly candidates: FusionCandidates;
  readonly columns: readonly Float32Array[];
  readonly questions: Int32Array;
}

function boardOf(candidates: FusionCandidates, kind: Normalisation, questions: Int32Array): Board {
  return { candidates, columns: candidates.scores[kind], questions };
}

/** The best part alone, at weight 1. */
function startWeights(board: Board): number[] {
  const alone = board.columns.map((_, p) => board.columns.map((__, other) => (other === p ? 1 : 0)));
  return alone.reduce((a, b) => (ndcgOf(board, b) > ndcgOf(board, a) ? b : a));
}

function climb(board: Board, start: readonly number[]): number[] {
  let weights = [...start];
  let score = ndcgOf(board, weights);
  for (let round = 0; round < ROUNDS; round++) {
    const before = score;
    for (let p = 0; p < weights.length; p++) {
      const better = bestChange(board, weights, p, score);
      if (better === null) continue;
      ({ weights, score } = better);
    }
    if (score === before) break;
  }
  return simplified(board, weights, score);
}

function bestChange(
  board: Board,
  weights: readonly number[],
  part: number,
  score: number,
): { weights: number[]; score: number } | null {
  const now = weights[part] as number;
  const largest = Math.max(...weights);
  const options = now === 0 ? STEPS.map((step) => step * largest) : STEPS.map((step) => step * now);
  const tried = options
    .map((option) => weights.map((weight, p) => (p === part ? option : weight)))
    .filter((changed) => changed.some((weight) => weight > 0))
    .map((changed) => ({ weights: changed, score: ndcgOf(board, changed) }));
  const best = tried.reduce((a, b) => (b.score > a.score ? b : a));
  return best.score > score + worthOf(board, score) ? best : null;
}

/** Sets to 0 what is not missed: the weakest gain first. */
function simplified(board: Board, weights: number[], score: number): number[] {
  const without = weights.flatMap((weight, p) => {
    const fewer = weights.map((one, other) => (other === p ? 0 : one));
    return weight === 0 || fewer.every((one) => one === 0) ? [] : [{ fewer, score: ndcgOf(board, fewer) }];
  });
  if (without.length === 0) return weights;
  const best = without.reduce((a, b) => (b.score > a.score ? b : a));
  return best.score > score - worthOf(board, score, PLACES_OF_A_PART)
    ? simplified(board, best.fewer, best.score)
    : weights;
}

function ndcgOf(board: Board, weights: readonly number[]): number {
  const used = weights.flatMap((weight, p) => (weight === 0 ? [] : [p]));
  let sum = 0;
  for (const question of board.questions) sum += ndcgAt(rankOfTarget(board, question, weights, used), 10);
  return sum / Math.max(board.questions.length, 1);
}

function rankOfTarget(
  { candidates, columns }: Board,
  question: number,
  weights: readonly number[],
  used: readonly number[],
): number {
  const [start, end] = [candidates.start[question] as number, candidates.start[question + 1] as number];
  const fused = (at: number) => {
    let sum = 0;
    for (const p of used) sum += (weights[p] as number) * ((columns[p] as Float32Array)[at] as number);
    return sum;
  };
  const wanted = fused(start);
  let rank = 0;
  for (let at = start + 1; at < end; at++) {
    const rival = fused(at);
    if (rival > wanted) rank++;
    else if (rival === wanted) rank += 0.5;
  }
  return rank;
}

function indicesWhere(values: Uint8Array, isWanted: (value: number) => boolean): Int32Array {
  const out: number[] = [];
  values.forEach((value, index) => {
    if (isWanted(value)) out.push(index);
  });
  return Int32Array.from(out);
}
