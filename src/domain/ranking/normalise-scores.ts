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

/** A part's scores of the whole catalogue, what makes them comparable, and how much they count. */
export interface Term {
  readonly scores: Float32Array;
  readonly normaliser: Normaliser;
  readonly weight: number;
}

/** sum += Σ weight · normalised scores, over all items. */
export function addNormalised(sum: Float32Array, terms: readonly Term[]): void {
  const lines: Line[] = [];
  for (const { scores, normaliser, weight } of terms) {
    if (normaliser.by === 'place') addPlaces(sum, scores, normaliser, weight);
    else lines.push({ scores, factor: weight * normaliser.factor, shift: weight * normaliser.shift });
  }
  for (let from = 0; from < lines.length; from += 5) addLines(sum, lines.slice(from, from + 5));
}

interface Line {
  readonly scores: Float32Array;
  readonly factor: number;
  readonly shift: number;
}

/** Up to five at a time: 12,000 sums of five parts take 0.10 ms in one pass and 0.24 in five, each of which reads and writes the sums. */
function addLines(sum: Float32Array, lines: readonly Line[]): void {
  const nothing: Line = { scores: zeros(sum.length), factor: 0, shift: 0 };
  const [a = nothing, b = nothing, c = nothing, d = nothing, e = nothing] = lines;
  const [sa, sb, sc, sd, se] = [a.scores, b.scores, c.scores, d.scores, e.scores];
  const [fa, fb, fc, fd, fe] = [a.factor, b.factor, c.factor, d.factor, e.factor];
  const shift = a.shift + b.shift + c.shift + d.shift + e.shift;
  for (let i = 0; i < sum.length; i++) {
    const before = (sum[i] as number) + shift + (sa[i] as number) * fa + (sb[i] as number) * fb;
    sum[i] = before + (sc[i] as number) * fc + (sd[i] as number) * fd + (se[i] as number) * fe;
  }
}

let onlyZeros = new Float32Array(0);

/** Never written to; kept, since it is wanted for every person. */
function zeros(length: number): Float32Array {
  if (onlyZeros.length < length) onlyZeros = new Float32Array(length);
  return onlyZeros;
}

function addPlaces(
  sum: Float32Array,
  scores: Float32Array,
  { floor, ascending }: Extract<Normaliser, { by: 'place' }>,
  weight: number,
): void {
  for (let i = 0; i < sum.length; i++) {
    const score = scores[i] as number;
    if (score > floor) sum[i] = (sum[i] as number) + weight * reciprocalRank(ascending, score);
  }
}

/** One person's scores of the whole catalogue, made comparable. */
export function normaliseScores(scores: Float32Array, kind: Normalisation, scale: number): Float32Array {
  const out = new Float32Array(scores.length);
  addNormalised(out, [{ scores, normaliser: normaliserOf(scores, kind, scale), weight: 1 }]);
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

/** Two sums at a time, since each addition waits for the one before it: 0.020 ms for 12,000 scores instead of 0.028. */
function momentsOf(scores: Float32Array): { mean: number; deviation: number } {
  let [sum, squares, sum2, squares2] = [0, 0, 0, 0];
  const pairs = scores.length & ~1;
  for (let i = 0; i < pairs; i += 2) {
    const one = scores[i] as number;
    const two = scores[i + 1] as number;
    sum += one;
    squares += one * one;
    sum2 += two;
    squares2 += two * two;
  }
  const last = pairs < scores.length ? (scores[pairs] as number) : 0;
  const count = Math.max(scores.length, 1);
  const mean = (sum + sum2 + last) / count;
  const variance = (squares + squares2 + last * last) / count - mean * mean;
  return { mean, deviation: Math.sqrt(Math.max(variance, 0)) };
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
