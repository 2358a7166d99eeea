import { type Random } from '../random.js';
import { aligningRotation, rotateRows } from './align-rows.js';
import { collaborativeVectors } from './collaborative-vectors.js';
import { columnsOf } from './columns-of.js';
import { nearestRows } from './nearest-rows.js';
import { normaliseRows } from './normalise-rows.js';
import { type PrincipalDirections, principalDirections, projectRows } from './principal-directions.js';

/** The vectors that semantic ids are made of, and what is needed to place an item that came later. */
export interface ItemSpace {
  readonly size: number;
  readonly itemCount: number;
  readonly vectors: Float32Array; // (itemCount, size)
  /** The map of content vectors; absent where the catalogue has none. */
  readonly content: PrincipalDirections | null;
}

export interface ItemSpaceInput {
  readonly itemCount: number;
  readonly sequences: readonly Int32Array[];
  readonly content?: { readonly vectors: Float32Array; readonly size: number };
}

/** Directions kept of each source: more of them add noise to the clusters of a catalogue of 10,000. */
const CONTENT_SIZE = 64;
const COLLABORATIVE_SIZE = 64;
/** Share of the squared length that behaviour gets beside content; LETTER finds the collaborative part the more useful one. */
const COLLABORATIVE_SHARE = 0.5;
/** Meetings at which behaviour counts half: an item met twice is told mostly by its content. */
const CONFIDENCE_SHRINK = 3;
/** Neighbours by content that lend an unmet item their behaviour. */
const LENDERS = 5;

/**
 * Content and behaviour side by side, each of length √share, so that a distance is a weighted sum of both. `like` is an earlier space
 * whose items are the first ones here: the new one has its directions, so that codes made there mean the same here.
 */
export function itemSpace(input: ItemSpaceInput, random: Random, like?: ItemSpace): ItemSpace {
  const { itemCount, sequences } = input;
  const own = collaborativeVectors(
    sequences,
    itemCount,
    Math.min(COLLABORATIVE_SIZE, itemCount),
    random.fork('collaborative'),
  );
  const behaviour = like ? turnedLike(own, itemCount, like) : own;
  const behaviourSize = behaviour.length / itemCount;
  if (!input.content) return { size: behaviourSize, itemCount, vectors: behaviour, content: null };
  const content =
    like?.content ??
    principalDirections(input.content.vectors, input.content.size, CONTENT_SIZE, random.fork('content'));
  const projected = projectRows(content, input.content.vectors);
  const trust = confidence(sequences, itemCount);
  const lent = lendBehaviour({ projected, size: content.to }, { behaviour, size: behaviourSize, trust });
  const vectors = sideBySide(projected, content.to, lent, behaviourSize);
  return { size: content.to + behaviourSize, itemCount, vectors, content };
}

/** Eigenvectors come in any rotation; the one that brings known items nearest to where they stood makes them comparable. */
function turnedLike(behaviour: Float32Array, itemCount: number, like: ItemSpace): Float32Array {
  const size = behaviour.length / itemCount;
  const from = like.content?.to ?? 0;
  const before = columnsOf(like.vectors, like.size, { from, to: like.size });
  const known = { rows: behaviour.subarray(0, like.itemCount * size), size };
  return rotateRows(behaviour, size, aligningRotation(known, { rows: before, size: like.size - from }));
}

/** Vectors of items nobody has met yet: their content, and the behaviour of what resembles them. */
export function coldVectors(space: ItemSpace, contentVectors: Float32Array): Float32Array {
  const { content } = space;
  if (!content) return new Float32Array(0);
  const projected = projectRows(content, contentVectors);
  const count = projected.length / content.to;
  const behaviourSize = space.size - content.to;
  const lent = new Float32Array(count * behaviourSize);
  for (let i = 0; i < count; i++) {
    const query = projected.subarray(i * content.to, (i + 1) * content.to);
    const target = lent.subarray(i * behaviourSize, (i + 1) * behaviourSize);
    const known = { rows: space.vectors, stride: space.size };
    for (const { row, similarity } of nearestRows(query, known, LENDERS)) {
      addScaled(target, space.vectors, row * space.size + content.to, similarity);
    }
  }
  return sideBySide(projected, content.to, normaliseRows(lent, behaviourSize), behaviourSize);
}

/** n / (n + shrink) for n = occurrences of the item. */
function confidence(sequences: readonly Int32Array[], itemCount: number): Float64Array {
  const met = new Float64Array(itemCount);
  for (const s of sequences) for (const item of s) met[item] = (met[item] as number) + 1;
  return met.map((n) => n / (n + CONFIDENCE_SHRINK));
}

/** Mixes the behaviour of rarely met items with that of their neighbours by content; well met items keep their own. */
function lendBehaviour(
  { projected, size }: { projected: Float32Array; size: number },
  own: { behaviour: Float32Array; size: number; trust: Float64Array },
): Float32Array {
  const out = own.behaviour.slice();
  own.trust.forEach((trust, item) => {
    if (trust >= 0.5) return;
    const at = item * own.size;
    const target = out.subarray(at, at + own.size);
    target.forEach((x, c) => (target[c] = x * trust));
    const query = projected.subarray(item * size, (item + 1) * size);
    const isItself = (row: number) => row === item;
    for (const { row, similarity } of nearestRows(
      query,
      { rows: projected, stride: size },
      LENDERS,
      isItself,
    )) {
      addScaled(target, own.behaviour, row * own.size, (1 - trust) * similarity);
    }
  });
  return normaliseRows(out, own.size);
}

function sideBySide(a: Float32Array, aSize: number, b: Float32Array, bSize: number): Float32Array {
  const count = a.length / aSize;
  const size = aSize + bSize;
  const [wa, wb] = [Math.sqrt(1 - COLLABORATIVE_SHARE), Math.sqrt(COLLABORATIVE_SHARE)];
  const out = new Float32Array(count * size);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < aSize; c++) out[i * size + c] = wa * (a[i * aSize + c] as number);
    for (let c = 0; c < bSize; c++) out[i * size + aSize + c] = wb * (b[i * bSize + c] as number);
  }
  return out;
}

function addScaled(target: Float32Array, from: Float32Array, at: number, weight: number): void {
  for (let c = 0; c < target.length; c++) {
    target[c] = (target[c] as number) + weight * (from[at + c] as number);
  }
}
