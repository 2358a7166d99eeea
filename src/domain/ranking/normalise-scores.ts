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

/**
 * How one person's scores of a part become comparable: by a line, score · factor + shift, or by their places in the head of the list.
 * Kept apart from its use, so that nothing but the sum over parts has to be written for every item.
 */
export type Normaliser =
  | { readonly by: 'line'; readonly factor: number; readonly shift: number }
  | { readonly by: 'place'; readonly floor: number; readonly ascending: Float32Array };

/** Learns it from one person's scores of the whole catalogue. A part that knows nothing about the person comes to zeros. */
export function normaliserOf(scores: Float32Array, kind: Normalisation, scale: number): Normaliser {
  switch (kind) {
    case 'scaled':
      return { by: 'line', factor: 1 / scale, shift: 0 };
    case 'z-score':
      return zLine(scores);
    case 'reciprocal-rank':
      return headOf(scores);
  }
}

/** What one score becomes. */
export function normalised(normaliser: Normaliser, score: number): number {
  if (normaliser.by === 'line') return score * normaliser.factor + normaliser.shift;
  return score > normaliser.floor ? reciprocalRank(normaliser.ascending, score) : 0;
}

/** sum += weight · normalised scores, over all items. */
export function addNormalised(
  sum: Float32Array,
  scores: Float32Array,
  normaliser: Normaliser,
  weight: number,
): void {
  if (normaliser.by === 'line') {
    const [factor, shift] = [weight * normaliser.factor, weight * normaliser.shift];
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (scores[i] as number) * factor + shift;
    return;
  }
  const { floor, ascending } = normaliser;
  for (let i = 0; i < sum.length; i++) {
    const score = scores[i] as number;
    if (score > floor) sum[i] = (sum[i] as number) + weight * reciprocalRank(ascending, score);
  }
}

/** One person's scores of the whole catalogue, made comparable. */
export function normaliseScores(scores: Float32Array, kind: Normalisation, scale: number): Float32Array {
  const out = new Float32Array(scores.length);
  addNormalised(out, scores, normaliserOf(scores, kind, scale), 1);
  return out;
}

/** Standard deviation of one person's scores; the mean of it over some people is the scale of a part. */
export function spreadOf(scores: Float32Array): number {
  const { deviation } = momentsOf(scores);
  return deviation;
}

function zLine(scores: Float32Array): Normaliser {
  const { mean, deviation } = momentsOf(scores);
  if (deviation === 0) return { by: 'line', factor: 0, shift: 0 };
  return { by: 'line', factor: 1 / deviation, shift: -mean / deviation };
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

/** Only the head is sorted: 0.1 ms for 12,000 items, where sorting all takes 1 ms. */
function headOf(scores: Float32Array): Normaliser {
  const floor = kthLargest(scores.slice(), Math.min(RANKED, scores.length));
  return { by: 'place', floor, ascending: scores.filter((score) => score > floor).sort() };
}

/** Equal scores share the middle of their places. */
function reciprocalRank(ascending: Float32Array, score: number): number {
  const [first, after] = [firstAtLeast(ascending, score), firstAbove(ascending, score)];
  return 1 / (ascending.length - (first + after + 1) / 2 + RANK_OFFSET);
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
