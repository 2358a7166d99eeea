import { balanceCentroids } from './balance-centroids.js';
import { codeRegister, type CodeRegister } from './code-register.js';
import { columnsOf } from './columns-of.js';
import type { ItemSpace } from './item-space.js';
import { memberMeans } from './member-means.js';
import { centroidsByDistance, nearestCentroids } from './nearest-centroids.js';
import { normaliseRows } from './normalise-rows.js';
import { rotateRows } from './align-rows.js';
import { claimProductCode, type ProductBooks, stretch } from './product-codes.js';
import { CODE_LEVELS, type Codebooks, leaveOver, MAX_SHARED, type SemanticIds } from './residual-kmeans.js';
import { squaredDistance } from './squared-distance.js';
import { scaleRows } from './taste-scale.js';
import type { Tokenizer } from './tokenizer.js';

/** Passes that move the old centroids to today's items; they start near, so more change next to nothing. */
const PASSES = 2;
/**
 * A digit stays unless another code is nearer by more than this multiple of the level's mean squared distance. MovieLens-100K, codes
 * of the first 90 % of the events refreshed with all: 1.2 % of the items move with residual codes (33 % at 0, 8 % at a quarter), 5 %
 * with collaborative ones (68 % and 50 %); of the first four product digits 15 % change (39 % at 0). Each change breaks what the decoder learned.
 */
const STAY = 1;

export interface ToRefresh {
  /** Codes of all items: those of the version before, and those that newcomers were given meanwhile. */
  readonly ids: SemanticIds;
  /** Items of the version before: they come first. */
  readonly known: number;
  /** Today's vectors, in the directions of the version before (`itemSpace` with `like`). */
  readonly space: ItemSpace;
  /** Who chooses first among those who move. */
  readonly order: Int32Array;
}

/**
 * Codes of today from codes of yesterday (the refresh of SIIT, without its language model): code k stays code k, since its centroid
 * is yesterday's moved to today's items, and an item keeps every digit that still fits. Plain and text ids have nothing to relearn.
 */
export function refreshIds(
  tokenizer: Tokenizer,
  given: ToRefresh,
): { tokenizer: Tokenizer; ids: SemanticIds } {
  switch (tokenizer.kind) {
    case 'residual': {
      const { books, ids } = refreshResidual(tokenizer.books, given, given.space.vectors);
      return { tokenizer: { ...tokenizer, books }, ids };
    }
    case 'collaborative': {
      const vectors = scaleRows(given.space.vectors, tokenizer.scale);
      const { books, ids } = refreshResidual(tokenizer.books, given, vectors);
      return { tokenizer: { ...tokenizer, books }, ids };
    }
    case 'product': {
      const { books, ids } = refreshProduct(tokenizer.books, given);
      return { tokenizer: { ...tokenizer, books }, ids };
    }
    case 'plain':
    case 'text':
      return { tokenizer, ids: given.ids };
  }
}

function refreshResidual(
  { size, codes, ...old }: Codebooks,
  { ids, known, order }: ToRefresh,
  vectors: Float32Array,
): { books: Codebooks; ids: SemanticIds } {
  const residual = vectors.slice();
  const wanted = new Uint16Array(ids.digits.length);
  const [levels, biases]: [Float32Array[], Float32Array[]] = [[], []];
  for (let level = 0; level < CODE_LEVELS; level++) {
    const start = old.levels[level] as Float32Array;
    const { centroids, bias } = old.bias
      ? balanceCentroids(residual, start, size)
      : { centroids: movedCentroids(residual, start, size), bias: undefined };
    const before = digitsAt(ids, level, known);
    const next = stayingCodes(residual, { centroids, bias, size }, before);
    next.forEach((code, item) => {
      wanted[item * ids.levels + level] = code;
      if (level < CODE_LEVELS - 1)
        leaveOver(residual.subarray(item * size, (item + 1) * size), centroids, code);
    });
    levels.push(centroids);
    if (bias) biases.push(bias);
  }
  const books: Codebooks = { size, codes, levels, ...(old.bias && { bias: biases }) };
  const lastChoice = (item: number) => {
    const last = CODE_LEVELS - 1;
    const row = residual.subarray(item * size, (item + 1) * size);
    return centroidsByDistance(row, levels[last] as Float32Array, biases[last]);
  };
  const give = (code: Uint16Array, item: number, register: CodeRegister) => {
    const own = wanted[item * ids.levels + CODE_LEVELS - 1] as number;
    register.place(code, [own, ...lastChoice(item)], MAX_SHARED);
  };
  return { books, ids: handOut(ids, { wanted, told: CODE_LEVELS, known, order, give }) };
}

function refreshProduct(
  books: ProductBooks,
  { ids, known, space, order }: ToRefresh,
): { books: ProductBooks; ids: SemanticIds } {
  const { size, rotation } = books;
  const rotated = rotateRows(normaliseRows(space.vectors.slice(), size), size, rotation);
  const wanted = new Uint16Array(ids.digits.length);
  const levels = books.levels.map((start, level) => {
    const bounds = stretch(level, books.levels.length, size);
    const width = bounds.to - bounds.from;
    const points = columnsOf(rotated, size, bounds);
    const centroids = movedCentroids(points, start, width);
    const next = stayingCodes(points, { centroids, size: width }, digitsAt(ids, level, known));
    next.forEach((code, item) => (wanted[item * ids.levels + level] = code));
    return centroids;
  });
  const give = (code: Uint16Array, item: number, register: CodeRegister) =>
    claimProductCode(levels, rotated.subarray(item * size, (item + 1) * size), code, register);
  return {
    books: { ...books, levels },
    ids: handOut(ids, { wanted, told: ids.levels, known, order, give }),
  };
}

/** Lloyd passes from the old centroids; a code that lost all its items stays where it was. */
function movedCentroids(points: Float32Array, start: Float32Array, size: number): Float32Array {
  let centroids = start;
  for (let pass = 0; pass < PASSES; pass++)
    centroids = memberMeans(points, nearestCentroids(points, centroids, size).codes, centroids);
  return centroids;
}

/** The nearest code of each point, or the one it had (first points) where that is nearly as near. */
function stayingCodes(
  points: Float32Array,
  book: { centroids: Float32Array; size: number; bias?: Float32Array | undefined },
  before: Uint16Array,
): Int32Array {
  const { centroids, size, bias } = book;
  const { codes, distances } = nearestCentroids(points, centroids, size, bias);
  const allowance = (STAY * distances.reduce((a, b) => a + b, 0)) / Math.max(1, distances.length);
  const costOf = (item: number, code: number) =>
    squaredDistance(points, item * size, centroids.subarray(code * size, (code + 1) * size)) -
    (bias?.[code] ?? 0);
  return codes.map((best, item) => {
    const old = before[item];
    if (old === undefined || old === best) return best;
    return costOf(item, old) <= costOf(item, best) + allowance ? old : best;
  });
}

interface HandingOut {
  readonly wanted: Uint16Array; // (itemCount, levels)
  /** Levels that tell something; a digit after them only tells apart. */
  readonly told: number;
  readonly known: number;
  readonly order: Int32Array;
  /** Finds a free code near the wanted one, which `code` holds. */
  readonly give: (code: Uint16Array, item: number, register: CodeRegister) => void;
}

/** First everybody who stays keeps the whole code, then those who move and newcomers find theirs among what is free. */
function handOut(ids: SemanticIds, { wanted, told, known, order, give }: HandingOut): SemanticIds {
  const { levels } = ids;
  const digits = ids.digits.slice();
  const register = codeRegister();
  const codeOf = (item: number) => digits.subarray(item * levels, (item + 1) * levels);
  const stays = (item: number) =>
    item < known &&
    Array.from({ length: told }, (_, l) => l).every(
      (l) => digits[item * levels + l] === wanted[item * levels + l],
    );
  const moving = [...order].filter((item) => !(stays(item) && register.claim(codeOf(item))));
  for (const item of moving) {
    const code = codeOf(item);
    code.set(wanted.subarray(item * levels, item * levels + told));
    give(code, item, register);
  }
  return { ...ids, digits };
}

/** One level's digits of the items that are known. */
function digitsAt({ digits, levels }: SemanticIds, level: number, known: number): Uint16Array {
  return Uint16Array.from({ length: known }, (_, item) => digits[item * levels + level] as number);
}
