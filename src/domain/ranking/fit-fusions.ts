import { shuffled, type Random } from '../random.js';
import type { Fusion } from './fusion.js';
import { collectCandidates, type CandidateOptions, type FusionCandidates } from './fusion-candidates.js';
import { HISTORY_BUCKETS } from './history-buckets.js';
import { ndcgAt } from './metrics.js';
import { type Normalisation, NORMALISATIONS } from './normalise-scores.js';
import type { Question } from './protocols.js';

/** Questions that the weights are fitted on: more changes N@10 by less than its noise and only costs time. */
const MOST_QUESTIONS = 6000;
/** A bucket with fewer questions takes the weights that fit everybody. */
const FEWEST_IN_BUCKET = 300;
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
}

/**
 * Fits weights per history bucket on validation by coordinate ascent on N@10 itself, one fusion per protocol: start from the best
 * part alone, change one weight at a time as long as it is worth it. Deterministic for a seed.
 */
export async function fitFusions(
  questions: readonly Question[],
  options: CandidateOptions,
  random: Random,
): Promise<FittedFusion[]> {
  const sample = shuffled(questions, random).slice(0, MOST_QUESTIONS);
  return (await collectCandidates(sample, options)).map(fitOne);
}

function fitOne(candidates: FusionCandidates): FittedFusion {
  const everybody = indicesWhere(candidates.bucket, () => true);
  const fits = NORMALISATIONS.map((normalisation) => {
    const board = boardOf(candidates, normalisation, everybody);
    const weights = climb(board, startWeights(board));
    return { normalisation, weights, score: ndcgOf(board, weights) };
  });
  const best = fits.reduce((a, b) => (b.score > a.score ? b : a));
  const weights = HISTORY_BUCKETS.map((_, bucket) => {
    const own = indicesWhere(candidates.bucket, (one) => one === bucket);
    if (own.length < FEWEST_IN_BUCKET) return bucket === 0 ? popularityAlone(candidates) : best.weights;
    return climb(boardOf(candidates, best.normalisation, own), best.weights);
  });
  const { parts, scales } = candidates;
  const fusion = { normalisation: best.normalisation, parts, scales, weights };
  return { fusion, validation: fittedScore(candidates, fusion) };
}

/** Who has no history can only be told what is popular; weights that were fitted on histories would leave all items equal. */
function popularityAlone({ parts }: FusionCandidates): number[] {
  return parts.map((name) => (name === 'popularity' ? 1 : 0));
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

function fittedScore(candidates: FusionCandidates, { normalisation, weights }: Fusion): number {
  let sum = 0;
  HISTORY_BUCKETS.forEach((_, bucket) => {
    const own = indicesWhere(candidates.bucket, (one) => one === bucket);
    sum += own.length * ndcgOf(boardOf(candidates, normalisation, own), weights[bucket] ?? []);
  });
  return sum / Math.max(candidates.bucket.length, 1);
}

function indicesWhere(values: Uint8Array, isWanted: (value: number) => boolean): Int32Array {
  const out: number[] = [];
  values.forEach((value, index) => {
    if (isWanted(value)) out.push(index);
  });
  return Int32Array.from(out);
}
