import { type Random } from '../random.js';
import { aligningRotation, rotateRows } from './align-rows.js';
import { codeRegister, type CodeRegister } from './code-register.js';
import { columnsOf } from './columns-of.js';
import { kmeans } from './kmeans.js';
import { memberMeans } from './member-means.js';
import { nearestCentroids } from './nearest-centroids.js';
import { normaliseRows } from './normalise-rows.js';
import type { SemanticIds } from './residual-kmeans.js';
import { squaredDistance } from './squared-distance.js';

/** One codebook per stretch of the rotated vector. */
export interface ProductBooks {
  readonly size: number;
  readonly codes: number;
  readonly rotation: Float32Array; // (size, size)
  /** One (codes, width of the stretch) matrix per position; together the stretches make `size`. */
  readonly levels: readonly Float32Array[];
}

/** Positions of a code; each is one more head of the decoder, so this is the lower end of what RPG uses. */
export const PRODUCT_POSITIONS = 16;
/** Turns of encoding, moving the centroids and rotating (OPQ, Ge et al. 2013). */
const TURNS = 8;

/**
 * Product quantisation (Jégou et al. 2011) of unit vectors, as RPG makes its ids: rotate, cut into stretches, cluster each. The
 * rotation is learned: R ← argmin ‖X R − quantised‖ in turns with the codebooks, from a random one that spreads the variance.
 */
export function trainProductBooks(
  vectors: Float32Array,
  { size, codes, random }: { size: number; codes: number; random: Random },
): ProductBooks {
  const unit = normaliseRows(vectors.slice(), size);
  const positions = Math.min(PRODUCT_POSITIONS, size);
  let rotation = randomRotation(size, random.fork('rotation'));
  let rotated = rotateRows(unit, size, rotation);
  let levels = clustered(rotated, { size, codes, positions }, random);
  for (let turn = 0; turn < TURNS; turn++) {
    const digits = nearestCodes(levels, rotated, size);
    levels = levels.map((book, position) => movedBook(rotated, { digits, book, position, positions }));
    rotation = aligningRotation({ rows: unit, size }, { rows: decoded(levels, digits, size), size });
    rotated = rotateRows(unit, size, rotation);
  }
  return { size, codes, rotation, levels };
}

/**
 * Gives each item the nearest code of each stretch. Where all of them are taken, the one position moves to its next code that
 * costs the least distance; only a vector that more items share than there are such moves shares its code.
 */
export function assignProductIds(
  { size, codes, rotation, levels }: ProductBooks,
  vectors: Float32Array,
  order: Int32Array,
  taken?: SemanticIds,
): SemanticIds {
  const known = taken?.itemCount ?? 0;
  const positions = levels.length;
  const rotated = rotateRows(normaliseRows(vectors.slice(), size), size, rotation);
  const digits = new Uint16Array((known + order.length) * positions);
  if (taken) digits.set(taken.digits);
  digits.set(nearestCodes(levels, rotated, size), known * positions);
  const register = codeRegister(taken);
  for (const item of order) {
    const code = digits.subarray((known + item) * positions, (known + item + 1) * positions);
    claimProductCode(levels, rotated.subarray(item * size, (item + 1) * size), code, register);
  }
  return { itemCount: known + order.length, levels: positions, radix: levels.map(() => codes), digits };
}

/** Claims the code, or the free one that differs in one position and is nearest. */
export function claimProductCode(
  books: readonly Float32Array[],
  vector: Float32Array,
  code: Uint16Array,
  register: CodeRegister,
): void {
  if (register.claim(code)) return;
  const moves = books.flatMap((book, position) => {
    const { from, to } = stretch(position, books.length, vector.length);
    const part = vector.subarray(from, to);
    const own = code[position] as number;
    const costOf = (k: number) => squaredDistance(book, k * part.length, part);
    return Array.from({ length: book.length / part.length }, (_, k) => ({
      position,
      code: k,
      cost: costOf(k) - costOf(own),
    })).filter((move) => move.code !== own);
  });
  moves.sort((a, b) => a.cost - b.cost || a.position - b.position || a.code - b.code);
  for (const move of moves) {
    const before = code[move.position] as number;
    code[move.position] = move.code;
    if (register.claim(code)) return;
    code[move.position] = before;
  }
}

/** Where the stretch of a position begins and ends. */
export function stretch(position: number, positions: number, size: number): { from: number; to: number } {
  return {
    from: Math.floor((position * size) / positions),
    to: Math.floor(((position + 1) * size) / positions),
  };
}

function clustered(
  rotated: Float32Array,
  { size, codes, positions }: { size: number; codes: number; positions: number },
  random: Random,
): Float32Array[] {
  return Array.from({ length: positions }, (_, position) => {
    const bounds = stretch(position, positions, size);
    const points = columnsOf(rotated, size, bounds);
    return kmeans(points, {
      size: bounds.to - bounds.from,
      codes,
      random: random.fork(`position-${position}`),
    });
  });
}

interface Book {
  readonly digits: Uint16Array; // (count, positions)
  readonly book: Float32Array;
  readonly position: number;
  readonly positions: number;
}

/** The codes of a position as the means of the stretches that have them. */
function movedBook(rotated: Float32Array, { digits, book, position, positions }: Book): Float32Array {
  const count = digits.length / positions;
  const size = rotated.length / count;
  const own = Int32Array.from({ length: count }, (_, i) => digits[i * positions + position] as number);
  return memberMeans(columnsOf(rotated, size, stretch(position, positions, size)), own, book);
}

/** (count, positions): the nearest code of every stretch of every rotated row. */
function nearestCodes(books: readonly Float32Array[], rotated: Float32Array, size: number): Uint16Array {
  const count = rotated.length / size;
  const out = new Uint16Array(count * books.length);
  books.forEach((book, position) => {
    const bounds = stretch(position, books.length, size);
    const { codes } = nearestCentroids(columnsOf(rotated, size, bounds), book, bounds.to - bounds.from);
    codes.forEach((code, i) => (out[i * books.length + position] = code));
  });
  return out;
}

function decoded(books: readonly Float32Array[], digits: Uint16Array, size: number): Float32Array {
  const count = digits.length / books.length;
  const out = new Float32Array(count * size);
  books.forEach((book, position) => {
    const { from, to } = stretch(position, books.length, size);
    for (let i = 0; i < count; i++) {
      const k = (digits[i * books.length + position] as number) * (to - from);
      out.set(book.subarray(k, k + to - from), i * size + from);
    }
  });
  return out;
}

/** Gram–Schmidt on normal draws: uniformly distributed over rotations. */
function randomRotation(size: number, random: Random): Float32Array {
  const out = new Float32Array(size * size);
  for (let r = 0; r < size; r++) {
    const row = out.subarray(r * size, (r + 1) * size);
    for (let c = 0; c < size; c++) row[c] = random.normal();
    for (let other = 0; other < r; other++) {
      const before = out.subarray(other * size, (other + 1) * size);
      let dot = 0;
      for (let c = 0; c < size; c++) dot += (row[c] as number) * (before[c] as number);
      for (let c = 0; c < size; c++) row[c] = (row[c] as number) - dot * (before[c] as number);
    }
    normaliseRows(row, size);
  }
  return out;
}
