import { type Node, type Tensor } from '../graph.js';
import { at, nth, type Numbers, type OpRules } from '../op-rule.js';
import { axisOf, broadcastIndex, sizeOf } from '../shape.js';
import { mul } from './elementwise.js';
import { expand, reshape } from './shaping.js';

type Reducing = 'reduceSum' | 'reduceMean' | 'reduceMax' | 'reduceSumSquare';
export interface ReduceOptions {
  axes?: readonly number[];
  keepDims?: boolean;
}

function reduce(op: Reducing, x: Tensor, options: ReduceOptions): Tensor {
  const axes = (options.axes ?? [...x.shape.keys()])
    .map((axis) => axisOf(x.shape, axis))
    .sort((a, b) => a - b);
  const keepDims = options.keepDims ?? false;
  if (axes.length === 0) return x;
  const shape = keepDims
    ? x.shape.map((n, i) => (axes.includes(i) ? 1 : n))
    : x.shape.filter((_, i) => !axes.includes(i));
  return nth(x.graph.apply(op, [x], { axes, keepDims }, [{ shape, dtype: x.dtype }]), 0);
}

/** Without axes: over everything, to a scalar. */
export const reduceSum = (x: Tensor, options: ReduceOptions = {}): Tensor => reduce('reduceSum', x, options);
export const reduceMean = (x: Tensor, options: ReduceOptions = {}): Tensor =>
  reduce('reduceMean', x, options);
export const reduceSumSquare = (x: Tensor, options: ReduceOptions = {}): Tensor =>
  reduce('reduceSumSquare', x, options);
/** Has no gradient: it serves shifts that cancel and measures. */
export const reduceMax = (x: Tensor, options: ReduceOptions = {}): Tensor => reduce('reduceMax', x, options);

const keptShape = ({ inputs, attrs }: Node<Reducing>) =>
  nth(inputs, 0).shape.map((n, i) => (attrs.axes.includes(i) ? 1 : n));

function fold(
  node: Node<Reducing>,
  x: Numbers,
  start: number,
  f: (sum: number, v: number) => number,
): Numbers {
  const kept = keptShape(node);
  const places = broadcastIndex(kept, nth(node.inputs, 0).shape);
  const y = new Float64Array(sizeOf(kept)).fill(start);
  places.forEach((to, from) => (y[to] = f(at(y, to), at(x, from))));
  return y;
}

const countOf = (node: Node<Reducing>) => sizeOf(nth(node.inputs, 0).shape) / sizeOf(keptShape(node));
const spread = (node: Node<Reducing>, dy: Tensor) => reshape(dy, keptShape(node));

export const reducingRules: OpRules<Reducing> = {
  reduceSum: {
    evaluate: (node, xs) => [fold(node, nth(xs, 0), 0, (sum, v) => sum + v)],
    backward: (node, [dy]) => [dy && expand(spread(node, dy), nth(node.inputs, 0).shape)],
  },
  reduceMean: {
    evaluate: (node, xs) => [fold(node, nth(xs, 0), 0, (sum, v) => sum + v / countOf(node))],
    backward: (node, [dy]) => [
      dy && expand(spread(node, mul(dy, 1 / countOf(node))), nth(node.inputs, 0).shape),
    ],
  },
  reduceSumSquare: {
    evaluate: (node, xs) => [fold(node, nth(xs, 0), 0, (sum, v) => sum + v * v)],
    backward: (node, [dy]) => [dy && mul(mul(nth(node.inputs, 0), 2), spread(node, dy))],
  },
  reduceMax: {
    evaluate: (node, xs) => [fold(node, nth(xs, 0), -Infinity, Math.max)],
    backward: () => [],
  },
};
