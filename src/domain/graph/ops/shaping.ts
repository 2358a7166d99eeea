import { type Tensor, type TensorSpec } from '../graph.js';
import { at, nth, type Numbers, type OpRules } from '../op-rule.js';
import { axisOf, broadcastIndex, sameShape, type Shape, sizeOf, stridedIndex, stridesOf } from '../shape.js';

/** Same numbers, other shape; one dimension may be -1 and is worked out. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const known = shape.reduce((product, n) => (n < 0 ? product : product * n), 1);
  const full = shape.map((n) => (n < 0 ? sizeOf(x.shape) / known : n));
  if (sizeOf(full) !== sizeOf(x.shape))
    throw new Error(`cannot reshape ${x.shape.join('x')} to ${shape.join('x')}`);
  if (sameShape(full, x.shape)) return x;
  return nth(x.graph.apply('reshape', [x], {}, [{ shape: full, dtype: x.dtype }]), 0);
}

/** Stretches dimensions of size 1 (and missing leading ones) to `shape`. */
export function expand(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  return nth(x.graph.apply('expand', [x], {}, [{ shape, dtype: x.dtype }]), 0);
}

/** Axis `i` of the result is axis `perm[i]` of `x`; without `perm` the last two change places. */
export function transpose(x: Tensor, perm: readonly number[] = swapLastTwo(x.shape.length)): Tensor {
  const shape = perm.map((axis) => x.shape[axis] ?? NaN);
  return nth(x.graph.apply('transpose', [x], { perm }, [{ shape, dtype: x.dtype }]), 0);
}

const swapLastTwo = (rank: number) => [...Array(rank - 2).keys(), rank - 1, rank - 2];

/** Elements `start` to `end` (excluded) along one axis. */
export function slice(x: Tensor, axis: number, start: number, end: number): Tensor {
  const along = axisOf(x.shape, axis);
  const size = nth(x.shape, along);
  if (start < 0 || end > size || start >= end) throw new Error(`slice ${start}..${end} of ${size}`);
  if (start === 0 && end === size) return x;
  const shape = x.shape.map((n, i) => (i === along ? end - start : n));
  return nth(x.graph.apply('slice', [x], { axis: along, start, end }, [{ shape, dtype: x.dtype }]), 0);
}

/** Equal parts along one axis. One primitive, because the gradient of parts taken one by one would be padded and added. */
export function split(x: Tensor, parts: number, axis = -1): Tensor[] {
  const along = axisOf(x.shape, axis);
  const size = nth(x.shape, along) / parts;
  const spec = { shape: x.shape.map((n, i) => (i === along ? size : n)), dtype: x.dtype };
  return x.graph.apply('split', [x], { axis: along }, new Array<TensorSpec>(parts).fill(spec));
}

/** Reverses one axis. */
export function flip(x: Tensor, axis: number): Tensor {
  return nth(x.graph.apply('flip', [x], { axis: axisOf(x.shape, axis) }, [x]), 0);
}

export function concat(parts: readonly Tensor[], axis: number): Tensor {
  const first = nth(parts, 0);
  if (parts.length === 1) return first;
  const along = axisOf(first.shape, axis);
  const length = parts.reduce((sum, part) => sum + nth(part.shape, along), 0);
  const shape = first.shape.map((n, i) => (i === along ? length : n));
  return nth(first.graph.apply('concat', parts, { axis: along }, [{ shape, dtype: first.dtype }]), 0);
}

/** Zeros around: `before[i]` and `after[i]` of them along axis i. */
export function pad(x: Tensor, before: readonly number[], after: readonly number[]): Tensor {
  const shape = x.shape.map((n, i) => n + (before[i] ?? 0) + (after[i] ?? 0));
  return nth(x.graph.apply('pad', [x], { before, after }, [{ shape, dtype: x.dtype }]), 0);
}

/** Zeros of a shape, stored as one number. */
export const zeros = (like: Tensor): Tensor => expand(like.graph.scalar(0), like.shape);

/** Adds up what broadcasting stretched, so that a gradient gets back the shape of its tensor. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.shape.length - shape.length;
  const axes = x.shape.flatMap((n, i) => (i < lead || (shape[i - lead] === 1 && n !== 1) ? [i] : []));
  if (axes.length === 0) return reshape(x, shape);
  const kept = x.shape.map((n, i) => (axes.includes(i) ? 1 : n));
  const sum = nth(
    x.graph.apply('reduceSum', [x], { axes, keepDims: true }, [{ shape: kept, dtype: x.dtype }]),
    0,
  );
  return reshape(sum, shape);
}

const pick = (x: Numbers, index: Int32Array) => Float64Array.from(index, (i) => at(x, i));

/** Offsets of one part inside a larger tensor, in the part's own order. */
function partIndex(part: Shape, whole: Shape, offsets: readonly number[]): Int32Array {
  const strides = stridesOf(whole);
  const offset = offsets.reduce((sum, o, i) => sum + o * at(strides, i), 0);
  return stridedIndex(part, strides, offset);
}

type Shaping = 'split' | 'reshape' | 'expand' | 'transpose' | 'slice' | 'flip' | 'concat' | 'pad';

export const shapingRules: OpRules<Shaping> = {
  reshape: {
    evaluate: (_, [x]) => [Float64Array.from(x ?? [])],
    backward: ({ inputs }, [dy]) => [dy && reshape(dy, nth(inputs, 0).shape)],
  },
  expand: {
    evaluate: ({ inputs, outputs }, xs) => [
      pick(nth(xs, 0), broadcastIndex(nth(inputs, 0).shape, nth(outputs, 0).shape)),
    ],
    backward: ({ inputs }, [dy]) => [dy && sumTo(dy, nth(inputs, 0).shape)],
  },
  transpose: {
    evaluate({ inputs, outputs, attrs }, xs) {
      const strides = stridesOf(nth(inputs, 0).shape);
      const permuted = attrs.perm.map((axis) => at(strides, axis));
      return [pick(nth(xs, 0), stridedIndex(nth(outputs, 0).shape, permuted))];
    },
    backward: ({ attrs }, [dy]) => [
      dy &&
        transpose(
          dy,
          attrs.perm.map((_, i) => attrs.perm.indexOf(i)),
        ),
    ],
  },
  slice: {
    evaluate({ inputs, outputs, attrs }, xs) {
      const { shape } = nth(inputs, 0);
      const offsets = shape.map((_, i) => (i === attrs.axis ? attrs.start : 0));
      return [pick(nth(xs, 0), partIndex(nth(outputs, 0).shape, shape, offsets))];
    },
    backward({ inputs, attrs }, [dy]) {
      const { shape } = nth(inputs, 0);
      const before = shape.map((_, i) => (i === attrs.axis ? attrs.start : 0));
      const after = shape.map((n, i) => (i === attrs.axis ? n - attrs.end : 0));
      return [dy && pad(dy, before, after)];
    },
  },
  split: {
    evaluate({ inputs, outputs, attrs }, xs) {
      const { shape } = nth(inputs, 0);
      const size = nth(nth(outputs, 0).shape, attrs.axis);
      const offsets = (part: number) => shape.map((_, i) => (i === attrs.axis ? part * size : 0));
      return outputs.map((y, part) => pick(nth(xs, 0), partIndex(y.shape, shape, offsets(part))));
    },
    backward: ({ outputs, attrs }, dParts) => [
      concat(
        outputs.map((part, i) => dParts[i] ?? zeros(part)),
        attrs.axis,
      ),
    ],
  },
  flip: {
    evaluate({ inputs, attrs }, xs) {
      const { shape } = nth(inputs, 0);
      const strides = stridesOf(shape);
      const offset = (nth(shape, attrs.axis) - 1) * at(strides, attrs.axis);
      strides[attrs.axis] = -at(strides, attrs.axis);
      return [pick(nth(xs, 0), stridedIndex(shape, strides, offset))];
    },
    backward: ({ attrs }, [dy]) => [dy && flip(dy, attrs.axis)],
  },
  concat: {
    evaluate({ inputs, outputs, attrs }, xs) {
      const whole = nth(outputs, 0).shape;
      const y = new Float64Array(sizeOf(whole));
      let start = 0;
      inputs.forEach(({ shape }, k) => {
        const offsets = whole.map((_, i) => (i === attrs.axis ? start : 0));
        partIndex(shape, whole, offsets).forEach((to, from) => (y[to] = at(nth(xs, k), from)));
        start += nth(shape, attrs.axis);
      });
      return [y];
    },
    backward({ inputs, attrs }, [dy]) {
      let start = 0;
      return inputs.map(({ shape }) => {
        const from = start;
        start += nth(shape, attrs.axis);
        return dy && slice(dy, attrs.axis, from, start);
      });
    },
  },
  pad: {
    evaluate({ inputs, outputs, attrs }, xs) {
      const y = new Float64Array(sizeOf(nth(outputs, 0).shape));
      const places = partIndex(nth(inputs, 0).shape, nth(outputs, 0).shape, attrs.before);
      places.forEach((to, from) => (y[to] = at(nth(xs, 0), from)));
      return [y];
    },
    backward({ inputs, attrs }, [dy]) {
      const { shape } = nth(inputs, 0);
      const cut = (x: Tensor, axis: number) =>
        slice(x, axis, attrs.before[axis] ?? 0, (attrs.before[axis] ?? 0) + nth(shape, axis));
      return [dy && shape.reduce((x, _, axis) => cut(x, axis), dy)];
    },
  },
};
