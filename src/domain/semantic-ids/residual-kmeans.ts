import { DomainError } from '../errors.js';
import { type Random } from '../random.js';
import { kmeans } from './kmeans.js';
import { centroidsByDistance, nearestCentroids } from './nearest-centroids.js';

/** One codebook per level; a vector is the sum of one centroid of each, coarse first. */
export interface Codebooks {
  readonly size: number;
  readonly codes: number;
  /** One (codes, size) matrix per level. */
  readonly levels: readonly Float32Array[];
}

/** The code of every item: `levels` digits each, the last one telling apart items that share all others. */
export interface SemanticIds {
  readonly itemCount: number;
  readonly levels: number;
  /** How many values each digit may take. */
  readonly radix: readonly number[];
  readonly digits: Uint16Array; // (itemCount, levels)
}

/** Levels before the dedup digit: 3 is the sweet spot in every published ablation, longer codes only add chances to err. */
export const CODE_LEVELS = 3;
/** Items that may share all codes before one is moved to a neighbouring last code; so many values the dedup digit has. */
export const MAX_SHARED = 16;

/**
 * Codes per level from the number of items: 256 for 12,000 (TIGER, RPG), half of it at 4,000; the nearest power of two of
 * 2.3 √n, so that two levels can tell most items apart and the third is left for detail.
 */
export function codesFor(itemCount: number): number {
  const wanted = 2 ** Math.round(Math.log2(2.3 * Math.sqrt(Math.max(1, itemCount))));
  return Math.max(2, Math.min(512, wanted, itemCount));
}

/** Residual k-means: each level clusters what the levels before it left over (as good as RQ-VAE, without its collapse). */
export function trainCodebooks(
  vectors: Float32Array,
  { size, codes, random }: { size: number; codes: number; random: Random },
): Codebooks {
  if (vectors.length === 0)
    throw new DomainError('INVALID_INPUT', 'semantic ids need at least one item, got none');
  let residual = vectors;
  const levels: Float32Array[] = [];
  for (let level = 0; level < CODE_LEVELS; level++) {
    const centroids = kmeans(residual, { size, codes, random: random.fork(`level-${level}`) });
    levels.push(centroids);
    residual = subtract(residual, centroids, nearestCentroids(residual, centroids, size).codes);
  }
  return { size, codes, levels };
}

/**
 * Gives each item its code. `order` says who chooses first among items that share a code (popular ones first: digit 0 is then
 * the likeliest, which the decoder learns at once); `taken` holds ids given earlier, so that new items never move old ones.
 */
export function assignSemanticIds(
  books: Codebooks,
  vectors: Float32Array,
  order: Int32Array,
  taken?: SemanticIds,
): SemanticIds {
  const known = taken?.itemCount ?? 0;
  const levels = CODE_LEVELS + 1;
  const digits = new Uint16Array((known + order.length) * levels);
  const shared = new Map<number, number>();
  if (taken) {
    digits.set(taken.digits);
    for (let i = 0; i < known; i++) countShared(shared, bucketOf(digits.subarray(i * levels), books.codes));
  }
  for (const item of order) {
    const code = digits.subarray((known + item) * levels, (known + item + 1) * levels);
    placeItem(books, vectors.slice(item * books.size, (item + 1) * books.size), code, shared);
  }
  const most = [...shared.values()].reduce((a, b) => Math.max(a, b), taken?.radix[CODE_LEVELS] ?? MAX_SHARED);
  const radix = [...Array.from({ length: CODE_LEVELS }, () => books.codes), most];
  return { itemCount: known + order.length, levels, radix, digits };
}

/** Writes the digits of one item; a full bucket sends it to the next nearest last code (LC-Rec's remedy, without its optimiser). */
function placeItem(
  books: Codebooks,
  residual: Float32Array,
  code: Uint16Array,
  shared: Map<number, number>,
): void {
  for (let level = 0; level < CODE_LEVELS - 1; level++) {
    const centroids = books.levels[level] as Float32Array;
    const nearest = nearestCentroids(residual, centroids, books.size).codes[0] as number;
    code[level] = nearest;
    for (let c = 0; c < residual.length; c++) {
      residual[c] = (residual[c] as number) - (centroids[nearest * books.size + c] as number);
    }
  }
  const candidates = centroidsByDistance(residual, books.levels[CODE_LEVELS - 1] as Float32Array);
  const fits = candidates.find((last) => {
    code[CODE_LEVELS - 1] = last;
    return (shared.get(bucketOf(code, books.codes)) ?? 0) < MAX_SHARED;
  });
  code[CODE_LEVELS - 1] = fits ?? (candidates[0] as number);
  code[CODE_LEVELS] = countShared(shared, bucketOf(code, books.codes));
}

function bucketOf(code: Uint16Array, codes: number): number {
  let key = 0;
  for (let level = 0; level < CODE_LEVELS; level++) key = key * codes + (code[level] as number);
  return key;
}

/** Counts one more item in the bucket and returns how many were there before. */
function countShared(shared: Map<number, number>, bucket: number): number {
  const before = shared.get(bucket) ?? 0;
  shared.set(bucket, before + 1);
  return before;
}

function subtract(vectors: Float32Array, centroids: Float32Array, nearest: Int32Array): Float32Array {
  const size = vectors.length / nearest.length;
  const out = new Float32Array(vectors.length);
  for (let i = 0; i < nearest.length; i++) {
    const k = nearest[i] as number;
    for (let c = 0; c < size; c++) {
      out[i * size + c] = (vectors[i * size + c] as number) - (centroids[k * size + c] as number);
    }
  }
  return out;
}
