/**
 * Ways of making scores of different parts comparable for one person, before they are weighted and added:
 * `scaled` divides by one number per part (how sure a part is stays visible), `z-score` also removes each person's mean and
 * spread, `reciprocal-rank` keeps the order only: 1 / (rank + 20).
 */
export const NORMALISATIONS = ['scaled', 'z-score', 'reciprocal-rank'] as const;
export type Normalisation = (typeof NORMALISATIONS)[number];

/** Softens the head of the list: with 20, place 1 counts twice as much as place 21 (Cormack et al. 2009 take 60 for longer lists). */
const RANK_OFFSET = 20;
/** Places after which all items count alike. */
const RANKED = 500;

/** One person's scores of the whole catalogue, made comparable. A part that knows nothing about the person gives zeros. */
export function normaliseScores(scores: Float32Array, kind: Normalisation, scale: number): Float32Array {
  switch (kind) {
    case 'scaled':
      return scores.map((score) => score / scale);
    case 'z-score':
      return zScores(scores);
    case 'reciprocal-rank':
      return reciprocalRanks(scores);
  }
}

/** Standard deviation of one person's scores; the mean of it over some people is the scale of a part. */
export function spreadOf(scores: Float32Array): number {
  const { deviation } = momentsOf(scores);
  return deviation;
}

function zScores(scores: Float32Array): Float32Array {
  const { mean, deviation } = momentsOf(scores);
  if (deviation === 0) return new Float32Array(scores.length);
  return scores.map((score) => (score - mean) / deviation);
}

function momentsOf(scores: Float32Array): { mean: number; deviation: number } {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] as number;
    sum += score;
    squares += score * score;
  }
  const mean = sum / Math.max(scores.length, 1);
  return { mean, deviation: Math.sqrt(Math.max(squares / Math.max(scores.length, 1) - mean * mean, 0)) };
}

/** Equal scores share the middle of their places. Only the head is sorted: 0.1 ms for 12,000 items, where sorting all takes 1 ms. */
function reciprocalRanks(scores: Float32Array): Float32Array {
  const floor = kthLargest(scores.slice(), Math.min(RANKED, scores.length));
  const ascending = scores.filter((score) => score > floor).sort();
  const n = ascending.length;
  const out = new Float32Array(scores.length);
  for (let i = 0; n > 0 && i < out.length; i++) {
    const score = scores[i] as number;
    if (score <= floor) continue;
    const [first, after] = [firstAtLeast(ascending, score), firstAbove(ascending, score)];
    out[i] = 1 / (n - (first + after + 1) / 2 + RANK_OFFSET);
  }
  return out;
}

/** Hoare's quickselect, in place: the k-th largest value, k from 1. */
function kthLargest(values: Float32Array, k: number): number {
  const wanted = values.length - k;
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const [i, j] = partition(values, low, high);
    if (wanted <= j) high = j;
    else if (wanted >= i) low = i;
    else break;
  }
  return values[wanted] ?? -Infinity;
}

/** After it, low..j are at most the pivot and i..high at least; what lies between equals it. */
function partition(values: Float32Array, low: number, high: number): [number, number] {
  const pivot = values[(low + high) >> 1] as number;
  let [i, j] = [low, high];
  while (i <= j) {
    while ((values[i] as number) < pivot) i++;
    while ((values[j] as number) > pivot) j--;
    if (i > j) break;
    const left = values[i] as number;
    values[i++] = values[j] as number;
    values[j--] = left;
  }
  return [i, j];
}

function firstAtLeast(ascending: Float32Array, wanted: number): number {
  return bisect(ascending, (value) => value < wanted);
}

function firstAbove(ascending: Float32Array, wanted: number): number {
  return bisect(ascending, (value) => value <= wanted);
}

function bisect(ascending: Float32Array, isLeft: (value: number) => boolean): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isLeft(ascending[middle] as number)) low = middle + 1;
    else high = middle;
  }
  return low;
}
