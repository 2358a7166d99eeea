import { type Node } from '../../domain/graph/graph.js';
import { type OpName } from '../../domain/graph/op-attrs.js';
import { nth } from '../../domain/graph/op-rule.js';
import { LEAST_PROBABILITY } from '../../domain/graph/ops/cross-entropy.js';
import { dropoutPool, MASK_COUNT, windowStart } from '../../domain/graph/ops/dropout.js';
import { type DType, sizeOf } from '../../domain/graph/shape.js';
import { type OnnxEmitter } from './onnx-emitter.js';
import { elementType } from './onnx-model.js';

/** One row of the table: the node, the names of its inputs and of its outputs. */
interface Lowered<N extends OpName> {
  readonly onnx: OnnxEmitter;
  readonly node: Node<N>;
  readonly ins: readonly string[];
  readonly outs: readonly string[];
}

export type Lowering<N extends OpName> = (lowered: Lowered<N>) => void;

/** The ONNX operator of the same meaning. */
const same =
  <N extends OpName>(opType: string): Lowering<N> =>
  ({ onnx, ins, outs }) =>
    onnx.node(opType, ins, {}, outs);

const reduce =
  <N extends 'reduceSum' | 'reduceMean' | 'reduceMax' | 'reduceSumSquare'>(opType: string): Lowering<N> =>
  ({ onnx, node, ins, outs }) =>
    onnx.node(
      opType,
      [nth(ins, 0), onnx.ints(node.attrs.axes)],
      { keepdims: Number(node.attrs.keepDims) },
      outs,
    );

const lastAxis =
  <N extends OpName>(opType: string): Lowering<N> =>
  ({ onnx, ins, outs }) =>
    onnx.node(opType, ins, { axis: -1 }, outs);

const onnxType: Record<DType, number> = {
  f32: elementType.f32,
  i64: elementType.i64,
  bool: elementType.bool,
};

/**
 * ScatterND splits its additions over threads without a lock, so rows that several threads add to lose some: 12 % were lost with
 * 40,000 rows onto 2. It stays on one thread below about 210,000 numbers (its cost model), so longer updates go in pieces
 * that are smaller. ScatterElements loses nothing either, and takes 4 to 8 times as long.
 */
const NUMBERS_PER_SCATTER = 131_072;

const scatterRowsAdd: Lowering<'scatterRowsAdd'> = ({ onnx, node, ins, outs }) => {
  const rows = onnx.node('Unsqueeze', [nth(ins, 1), onnx.ints([1])]);
  const [count = 0, ...rest] = nth(node.inputs, 2).shape;
  const piece = Math.max(1, Math.floor(NUMBERS_PER_SCATTER / sizeOf(rest)));
  let sum = nth(ins, 0);
  for (let start = 0; start === 0 || start < count; start += piece) {
    const end = Math.min(count, start + piece);
    const part = (name: string) =>
      count <= piece
        ? name
        : onnx.node('Slice', [name, onnx.ints([start]), onnx.ints([end]), onnx.ints([0])]);
    const into = end === count ? outs : undefined;
    sum = onnx.node('ScatterND', [sum, part(rows), part(nth(ins, 2))], { reduction: 'add' }, into);
  }
};

/** Plain product, Gemm where a factor of a plain product is read transposed, else a transpose that ONNX Runtime fuses. */
const matmul: Lowering<'matmul'> = ({ onnx, node, ins, outs }) => {
  const { transA, transB } = node.attrs;
  const [a, b] = [nth(ins, 0), nth(ins, 1)];
  const ranks = node.inputs.map(({ shape }) => shape.length);
  if (!transA && !transB) onnx.node('MatMul', [a, b], {}, outs);
  else if (ranks.every((rank) => rank === 2)) {
    onnx.node('Gemm', [a, b], { transA: Number(transA), transB: Number(transB) }, outs);
  } else {
    const turned = (name: string, rank: number) =>
      onnx.node('Transpose', [name], { perm: [...Array(rank - 2).keys(), rank - 1, rank - 2] });
    const [left, right] = [transA ? turned(a, nth(ranks, 0)) : a, transB ? turned(b, nth(ranks, 1)) : b];
    onnx.node('MatMul', [left, right], {}, outs);
  }
};

/** Softmax, then -ln of the target's probability. */
function crossEntropy(
  onnx: OnnxEmitter,
  logits: string,
  [targets, loss, probabilities]: readonly string[],
): void {
  onnx.node('Softmax', [logits], { axis: -1 }, [nth([probabilities], 0) ?? '']);
  const column = onnx.node('Unsqueeze', [targets ?? '', onnx.ints([1])]);
  const picked = onnx.node('GatherElements', [probabilities ?? '', column], { axis: 1 });
  const row = onnx.node('Squeeze', [picked, onnx.ints([1])]);
  const ln = onnx.node('Log', [onnx.node('Max', [row, onnx.float(LEAST_PROBABILITY)])]);
  onnx.node('Neg', [ln], {}, [loss ?? '']);
}

/** The cumulative normal distribution is only worth its five passes when the way back reads it. */
const gelu: Lowering<'gelu'> = ({ onnx, node, ins, outs }) => {
  const [x, y, cdf] = [nth(ins, 0), nth(outs, 0), nth(outs, 1)];
  if (!onnx.used.has(nth(node.outputs, 1).id)) {
    onnx.node('Gelu', [x], {}, [y]);
    return;
  }
  const erf = onnx.node('Erf', [onnx.node('Mul', [x, onnx.float(Math.SQRT1_2)])]);
  const half = onnx.node('Mul', [erf, onnx.float(0.5)]);
  onnx.node('Add', [half, onnx.float(0.5)], {}, [cdf]);
  onnx.node('Mul', [x, cdf], {}, [y]);
};

const layerNorm: Lowering<'layerNorm'> = ({ onnx, node, ins, outs }) => {
  const wanted = outs.map((name, i) => (i === 0 || onnx.used.has(nth(node.outputs, i).id) ? name : ''));
  const results = wanted[1] === '' && wanted[2] === '' ? wanted.slice(0, 1) : outs;
  onnx.node('LayerNormalization', ins, { axis: -1, epsilon: { float: node.attrs.epsilon } }, results);
};

/** start = (place + offset) mod MASK_COUNT; the mask is pool[start : start + size]. */
const dropoutMask: Lowering<'dropoutMask'> = ({ onnx, node, ins, outs }) => {
  const { rate, shape, site } = node.attrs;
  const size = sizeOf(shape);
  const pool = onnx.shared(`pool ${rate}`, () =>
    dropoutPool(rate, MASK_COUNT + (onnx.poolLengths.get(rate) ?? size)),
  );
  const moved = onnx.node('Add', [nth(ins, 0), onnx.ints([windowStart(site, 0)])]);
  const start = onnx.node('Mod', [moved, onnx.ints([MASK_COUNT])]);
  const end = onnx.node('Add', [start, onnx.ints([size])]);
  onnx.node('Reshape', [onnx.node('Slice', [pool, start, end, onnx.ints([0])]), onnx.ints(shape)], {}, outs);
};

/** Every primitive in ONNX; a missing one does not compile. */
export const lowerings: { readonly [N in OpName]: Lowering<N> } = {
  add: same('Add'),
  sub: same('Sub'),
  mul: same('Mul'),
  div: same('Div'),
  maximum: same('Max'),
  minimum: same('Min'),
  greater: same('Greater'),
  less: same('Less'),
  equal: same('Equal'),
  and: same('And'),
  not: same('Not'),
  where: same('Where'),
  stopGradient: same('Identity'),
  neg: same('Neg'),
  exp: same('Exp'),
  log: same('Log'),
  sqrt: same('Sqrt'),
  sin: same('Sin'),
  cos: same('Cos'),
  erf: same('Erf'),
  relu: same('Relu'),
  sigmoid: same('Sigmoid'),
  tanh: same('Tanh'),
  gelu,
  layerNorm,
  dropoutMask,
  matmul,
  softmax: lastAxis('Softmax'),
  logSoftmax: lastAxis('LogSoftmax'),
  reduceSum: reduce('ReduceSum'),
  reduceMean: reduce('ReduceMean'),
  reduceMax: reduce('ReduceMax'),
  reduceSumSquare: reduce('ReduceSumSquare'),
  cast: ({ onnx, node, ins, outs }) => onnx.node('Cast', ins, { to: onnxType[node.attrs.to] }, outs),
  pow: ({ onnx, node, ins, outs }) => onnx.node('Pow', [...ins, onnx.float(node.attrs.exponent)], {}, outs),
  silu({ onnx, ins, outs }) {
    onnx.node('Sigmoid', ins, {}, outs.slice(1));
    onnx.node('Mul', [nth(ins, 0), nth(outs, 1)], {}, outs.slice(0, 1));
  },
  reshape: ({ onnx, node, ins, outs }) =>
    onnx.node('Reshape', [...ins, onnx.ints(nth(node.outputs, 0).shape)], {}, outs),
  expand: ({ onnx, node, ins, outs }) =>
    onnx.node('Expand', [...ins, onnx.ints(nth(node.outputs, 0).shape)], {}, outs),
  transpose: ({ onnx, node, ins, outs }) => onnx.node('Transpose', ins, { perm: node.attrs.perm }, outs),
  split: ({ onnx, node, ins, outs }) =>
    onnx.node('Split', ins, { axis: node.attrs.axis, num_outputs: outs.length }, outs),
  slice({ onnx, node, ins, outs }) {
    const { axis, start, end } = node.attrs;
    onnx.node('Slice', [...ins, onnx.ints([start]), onnx.ints([end]), onnx.ints([axis])], {}, outs);
  },
  flip({ onnx, node, ins, outs }) {
    const beforeFirst = -(2 ** 31);
    const [start, end, step] = [-1, beforeFirst, -1].map((n) => onnx.ints([n]));
    onnx.node('Slice', [...ins, start ?? '', end ?? '', onnx.ints([node.attrs.axis]), step ?? ''], {}, outs);
  },
  concat: ({ onnx, node, ins, outs }) => onnx.node('Concat', ins, { axis: node.attrs.axis }, outs),
  pad: ({ onnx, node, ins, outs }) =>
    onnx.node('Pad', [...ins, onnx.ints([...node.attrs.before, ...node.attrs.after])], {}, outs),
  gatherRows: ({ onnx, ins, outs }) => onnx.node('Gather', ins, { axis: 0 }, outs),
  scatterRowsAdd,
  gatherElements: ({ onnx, node, ins, outs }) =>
    onnx.node('GatherElements', ins, { axis: node.attrs.axis }, outs),
  scatterElementsAdd: ({ onnx, node, ins, outs }) =>
    onnx.node('ScatterElements', ins, { axis: node.attrs.axis, reduction: 'add' }, outs),
  crossEntropy: ({ onnx, ins, outs }) => crossEntropy(onnx, nth(ins, 0), [nth(ins, 1), ...outs]),
  linearCrossEntropy({ onnx, ins, outs }) {
    const logits = onnx.node('Gemm', ins.slice(0, 2), { transB: 1 });
    crossEntropy(onnx, logits, [nth(ins, 2), ...outs]);
  },
  conv2d({ onnx, node, ins, outs }) {
    const half = (nth(nth(node.inputs, 1).shape, 2) - 1) / 2;
    onnx.node('Conv', ins, { pads: [half, half, half, half] }, outs);
  },
  upsampleNearest({ onnx, node, ins, outs }) {
    const sizes = onnx.ints(nth(node.outputs, 0).shape);
    const attributes = {
      mode: 'nearest',
      coordinate_transformation_mode: 'asymmetric',
      nearest_mode: 'floor',
    };
    onnx.node('Resize', [...ins, '', '', sizes], attributes, outs);
  },
};
