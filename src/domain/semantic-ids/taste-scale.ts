import type { ItemSpace } from './item-space.js';

/** Share of the squared length that behaviour gets in collaborative codes; 0.5 elsewhere. */
const TASTE_SHARE = 0.8;

/** Factors per dimension that let collaborative directions count more: content first, behaviour after it, as `itemSpace` has them. */
export function tasteScale({ size, content }: Pick<ItemSpace, 'size' | 'content'>): Float32Array {
  if (content === null) return new Float32Array(size).fill(1);
  const [forContent, forTaste] = [Math.sqrt(2 * (1 - TASTE_SHARE)), Math.sqrt(2 * TASTE_SHARE)];
  return Float32Array.from({ length: size }, (_, c) => (c < content.to ? forContent : forTaste));
}

export function scaleRows(rows: Float32Array, scale: Float32Array): Float32Array {
  return rows.map((x, at) => x * (scale[at % scale.length] as number));
}
