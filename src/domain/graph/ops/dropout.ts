import { type Tensor } from '../graph.js';
import { nth, type OpRules } from '../op-rule.js';
import { type Shape, sizeOf } from '../shape.js';
import { mul } from './elementwise.js';

/** How many different masks a dropout place has. */
export const MASK_COUNT = 2 ** 20;

/** The input that chooses the masks of a step: one number below MASK_COUNT. */
export const DROPOUT_INPUT = 'dropout.offset';

/**
 * Zeroes each element with probability `rate` and scales the others by 1 / (1 - rate) (Srivastava et al. 2014). A mask is a
 * window into one fixed pool of random numbers: copying a window is ten times cheaper than drawing, a step needs one number
 * from outside, and every runtime gets the very same masks, so a resumed training run repeats exactly.
 */
export function dropout(x: Tensor, rate: number): Tensor {
  return rate <= 0 ? x : mul(x, dropoutMask(x, rate, x.shape));
}

/** A mask of its own shape, e.g. (batch, 1, d) to drop whole sequences; 0 or 1 / (1 - rate). */
export function dropoutMask(like: Tensor, rate: number, shape: Shape): Tensor {
  const { graph } = like;
  const offset = graph.input(DROPOUT_INPUT, [1], 'i64');
  const attrs = { rate, shape, site: graph.nextDropoutSite() };
  return nth(graph.apply('dropoutMask', [offset], attrs, [{ shape, dtype: 'f32' }]), 0);
}

/** `length` numbers of the pool of one rate. */
export function dropoutPool(rate: number, length: number, start = 0): Float32Array {
  const scale = 1 / (1 - rate);
  const pool = new Float32Array(length);
  for (let i = 0; i < length; i++) pool[i] = mix(start + i) >= rate ? scale : 0;
  return pool;
}

/** Where a place's window starts: places are spread over the pool, the offset moves them together. */
export const windowStart = (site: number, offset: number): number =>
  (Math.floor(mix(site + 0x9e3779b) * MASK_COUNT) + offset) % MASK_COUNT;

/** A 32-bit avalanche hash (Wellons' lowbias32), as a number in [0, 1). */
function mix(n: number): number {
  let h = n ^ (n >>> 16);
  h = Math.imul(h, 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

export const dropoutRules: OpRules<'dropoutMask'> = {
  dropoutMask: {
    evaluate({ attrs }, xs) {
      const start = windowStart(attrs.site, nth([...nth(xs, 0)], 0));
      return [Float64Array.from(dropoutPool(attrs.rate, sizeOf(attrs.shape), start))];
    },
    backward: () => [],
  },
};
