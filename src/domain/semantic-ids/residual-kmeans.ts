import { DomainError } from '../errors.js';
import { type Random } from '../random.js';
import { balanceCentroids } from './balance-centroids.js';
import { codeRegister, type CodeRegister } from './code-register.js';
import { kmeans } from './kmeans.js';
import { centroidsByDistance, nearestCentroids } from './nearest-centroids.js';

/** One codebook per level; a vector is the sum of one centroid of each, coarse first. */
export interface Codebooks {
  readonly size: number;
  readonly codes: number;
  /** One (codes, size) matrix per level. */
  readonly levels: readonly Float32Array[];
  /** Squared distance by which each code of each level looks nearer, where use was balanced. */
  readonly bias?: readonly Float32Array[];
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

export interface CodebookOptions {
  readonly size: number;
  readonly codes: number;
  readonly random: Random;
  /** Spread items evenly over the codes of each level, at the price of a larger distance. */
  readonly isBalanced?: boolean;
}

/** Residual k-means: each level clusters what the levels before it left over (as good as RQ-VAE, without its collapse). */
export function trainCodebooks(vectors: Float32Array, options: CodebookOptions): Codebooks {
  const { size, codes, random, isBalanced = false } = options;
  if (vectors.length === 0)
    throw new DomainError('INVALID_INPUT', 'semantic ids need at least one item, got none');
  let residual = vectors;
  const [levels, biases]: [Float32Array[], Float32Array[]] = [[], []];
  for (let level = 0; level < CODE_LEVELS; level++) {
    const start = kmeans(residual, { size, codes, random: random.fork(`level-${level}`) });
    const { centroids, bias } = isBalanced ? balanceCentroids(residual, start, size) : plainly(start);
    levels.push(centroids);
    if (bias) biases.push(bias);
    residual = subtract(residual, centroids, nearestCentroids(residual, centroids, size, bias).codes);
  }
  return { size, codes, levels, ...(isBalanced && { bias: biases }) };
}

const plainly = (centroids: Float32Array) => ({ centroids, bias: undefined });

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
  if (taken) digits.set(taken.digits);
  const register = codeRegister(taken);
  for (const item of order) {
    const code = digits.subarray((known + item) * levels, (known + item + 1) * levels);
    placeItem(books, vectors.slice(item * books.size, (item + 1) * books.size), code, register);
  }
  const most = Math.max(taken?.radix[CODE_LEVELS] ?? MAX_SHARED, register.mostShared);
  const radix = [...Array.from({ length: CODE_LEVELS }, () => books.codes), most];
  return { itemCount: known + order.length, levels, radix, digits };
}

/** Writes the digits of one item; a full bucket sends it to the next nearest last code (LC-Rec's remedy, without its optimiser). */
function placeItem(
  books: Codebooks,
  residual: Float32Array,
  code: Uint16Array,
  register: CodeRegister,
): void {
  for (let level = 0; level < CODE_LEVELS - 1; level++) {
    const centroids = books.levels[level] as Float32Array;
    const nearest = nearestCentroids(residual, centroids, books.size, books.bias?.[level]).codes[0] as number;
    code[level] = nearest;
    leaveOver(residual, centroids, nearest);
  }
  const last = CODE_LEVELS - 1;
  const candidates = centroidsByDistance(residual, books.levels[last] as Float32Array, books.bias?.[last]);
  register.place(code, candidates, MAX_SHARED);
}

/** What a level leaves over: the residual less its centroid, in place. */
export function leaveOver(residual: Float32Array, centroids: Float32Array, code: number): void {
  const at = code * residual.length;
  for (let c = 0; c < residual.length; c++)
    residual[c] = (residual[c] as number) - (centroids[at + c] as number);
}

function subtract(vectors: Float32Array, centroids: Float32Array, nearest: Int32Array): Float32Array {
  const size = vectors.length / nearest.length;
  const out = vectors.slice();
  nearest.forEach((k, i) => leaveOver(out.subarray(i * size, (i + 1) * size), centroids, k));
  return out;
}
