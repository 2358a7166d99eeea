import { computeError, gradCase, gradientError } from '../../../test/support/grad-check.js';
import { type Values } from '../../domain/graph/compute.js';
import { type Graph, type Tensor } from '../../domain/graph/graph.js';
import {
  attend,
  type AttentionOptions,
  causalBias,
  paddingBias,
  pointwiseWeights,
  selfAttention,
  splitHeads,
} from '../../domain/graph/layers/attention.js';
import { gatedBlock, hstuBlock, hstuPointwiseBlock } from '../../domain/graph/layers/gated-block.js';
import { linear } from '../../domain/graph/layers/linear.js';
import { mlp } from '../../domain/graph/layers/mlp.js';
import { layerNormOf, rmsNormOf } from '../../domain/graph/layers/norm.js';
import { addPositions, sinusoids } from '../../domain/graph/layers/positional.js';
import { attendRecalled } from '../../domain/graph/layers/recalled-attention.js';
import { positionBias, timeBias } from '../../domain/graph/layers/relative-bias.js';
import { transformerBlock } from '../../domain/graph/layers/transformer-block.js';
import { conv2d, pixelShuffle, pixelUnshuffle, upsampleNearest } from '../../domain/graph/ops/convolution.js';
import * as loss from '../../domain/graph/ops/cross-entropy.js';
import { dropout } from '../../domain/graph/ops/dropout.js';
import * as e from '../../domain/graph/ops/elementwise.js';
import * as f from '../../domain/graph/ops/functions.js';
import * as index from '../../domain/graph/ops/indexing.js';
import { matmul } from '../../domain/graph/ops/matmul.js';
import * as norm from '../../domain/graph/ops/normalising.js';
import * as r from '../../domain/graph/ops/reducing.js';
import * as s from '../../domain/graph/ops/shaping.js';
import { type Shape } from '../../domain/graph/shape.js';
import { onnxCompute } from './onnx-compute.js';

type Build = (g: Graph) => Tensor;

const p = (g: Graph, name: string, ...shape: number[]) =>
  g.parameter(name, shape, { kind: 'normal', std: 1 });
/** Between 0.5 and 2.5, for roots, logarithms and divisors. */
const positive = (g: Graph, ...shape: number[]) => e.add(f.square(p(g, 'positive', ...shape)), 0.5);
const ids = (g: Graph, values: number[], shape: Shape = [values.length]) =>
  g.constant(Int32Array.from(values), shape);
const flags = (g: Graph, ...values: number[]) => g.constant(Uint8Array.from(values));
const weights = (g: Graph, ...values: number[]) => g.constant(Float32Array.from(values));

const unary =
  (op: (x: Tensor) => Tensor): Build =>
  (g) =>
    op(p(g, 'x', 3, 5));
const ofPositive =
  (op: (x: Tensor) => Tensor): Build =>
  (g) =>
    op(positive(g, 3, 5));
const binary = (op: (a: Tensor, b: Tensor) => Tensor): Record<string, Build> => ({
  'same shape': (g) => op(p(g, 'a', 3, 4), positive(g, 3, 4)),
  'row broadcast': (g) => op(p(g, 'a', 2, 3, 4), positive(g, 4)),
  'both broadcast': (g) => op(p(g, 'a', 3, 1), positive(g, 1, 4)),
});
const block = { heads: 2, expansion: 2 };

/** Two heads of three queries look at three kept keys and at one step of their own. */
const recalled = (g: Graph, options: Partial<AttentionOptions>) => {
  const [q, k, v, pastK, pastV, ownK, ownV] = ['q', 'k', 'v', 'pk', 'pv', 'ok', 'ov'].map((name) =>
    splitHeads(p(g, name, 2, 3, 4), 2),
  ) as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
  const recall = { past: { k: pastK, v: pastV }, own: [{ k: ownK, v: ownV }] };
  return attendRecalled([q, k, v], { heads: 2, bias: causalBias(g, 3), ...options }, recall);
};

const cases: Record<string, Record<string, Build>> = {
  add: { ...binary(e.add), 'a number': unary((x) => e.add(x, 2)) },
  sub: { ...binary(e.sub), 'from a number': unary((x) => e.sub(1, x)) },
  mul: { ...binary(e.mul), 'with itself': unary((x) => e.mul(x, x)) },
  div: { ...binary(e.div), 'of a number': ofPositive((x) => e.div(2, x)) },
  maximum: binary(e.maximum),
  minimum: binary(e.minimum),
  where: {
    'by a comparison': (g) => e.where(e.greater(p(g, 'a', 3, 4), 0.1), p(g, 'b', 3, 4), p(g, 'c', 4)),
    'by a mask': (g) => e.where(flags(g, 1, 0, 1), p(g, 'a', 2, 3), -9),
    'by logic': (g) => {
      const a = p(g, 'a', 3, 4);
      return e.where(e.and(e.less(a, 1), e.not(e.equal(a, 5))), a, 0);
    },
  },
  casts: {
    'of a comparison': (g) => e.mul(e.cast(e.greater(p(g, 'a', 6), 0), 'f32'), p(g, 'b', 6)),
    'of integers': (g) => e.mul(e.cast(ids(g, [3, 1, 2]), 'f32'), p(g, 'b', 3)),
  },
  functions: {
    neg: unary(f.neg),
    exp: unary(f.exp),
    log: ofPositive(f.log),
    sqrt: ofPositive(f.sqrt),
    sin: unary(f.sin),
    cos: unary(f.cos),
    erf: unary(f.erf),
    relu: unary(f.relu),
    sigmoid: unary(f.sigmoid),
    tanh: unary(f.tanh),
    square: unary(f.square),
    'pow 3': unary((x) => f.pow(x, 3)),
    'pow -0.5': ofPositive((x) => f.pow(x, -0.5)),
    gelu: unary(f.gelu),
    silu: unary(f.silu),
    softplus: unary(f.softplus),
  },
  matmul: {
    plain: (g) => matmul(p(g, 'a', 3, 4), p(g, 'b', 4, 5)),
    'a transposed': (g) => matmul(p(g, 'a', 4, 3), p(g, 'b', 4, 5), { transA: true }),
    'b transposed': (g) => matmul(p(g, 'a', 3, 4), p(g, 'b', 5, 4), { transB: true }),
    'both transposed': (g) => matmul(p(g, 'a', 4, 3), p(g, 'b', 5, 4), { transA: true, transB: true }),
    'batch times batch': (g) => matmul(p(g, 'a', 2, 3, 4), p(g, 'b', 2, 5, 4), { transB: true }),
    'batch, both transposed': (g) =>
      matmul(p(g, 'a', 2, 4, 3), p(g, 'b', 2, 5, 4), { transA: true, transB: true }),
    'batch times matrix': (g) => matmul(p(g, 'a', 2, 3, 4), p(g, 'b', 4, 5)),
    'broadcast batch': (g) => matmul(p(g, 'a', 2, 1, 3, 4), p(g, 'b', 3, 4, 2)),
  },
  reductions: {
    'sum of all': unary((x) => r.reduceSum(x)),
    'sum of rows': unary((x) => r.reduceSum(x, { axes: [-1] })),
    'sum of columns': unary((x) => r.reduceSum(x, { axes: [0], keepDims: true })),
    'mean of all': unary((x) => r.reduceMean(x)),
    'mean of rows': unary((x) => r.reduceMean(x, { axes: [1], keepDims: true })),
    'mean of two axes': (g) => r.reduceMean(p(g, 'x', 2, 3, 4), { axes: [0, 2] }),
    'sum of squares': unary((x) => r.reduceSumSquare(x, { axes: [1] })),
    'max as a shift that cancels': unary((x) => {
      const grown = f.exp(e.sub(x, r.reduceMax(x, { axes: [-1], keepDims: true })));
      return e.div(grown, r.reduceSum(grown, { axes: [-1], keepDims: true }));
    }),
  },
  normalising: {
    softmax: unary(norm.softmax),
    logSoftmax: unary(norm.logSoftmax),
    layerNorm: (g) => norm.layerNorm(p(g, 'x', 2, 3, 6), p(g, 'gain', 6), p(g, 'shift', 6)),
    rmsNorm: (g) => norm.rmsNorm(p(g, 'x', 2, 3, 6), p(g, 'gain', 6)),
    l2Normalise: unary((x) => norm.l2Normalise(x)),
  },
  shaping: {
    reshape: unary((x) => s.reshape(x, [5, -1])),
    expand: (g) => s.expand(p(g, 'x', 3, 1), [2, 3, 4]),
    transpose: (g) => s.transpose(p(g, 'x', 2, 3, 4), [2, 0, 1]),
    'transpose of the last two': (g) => s.transpose(p(g, 'x', 2, 3, 4)),
    slice: (g) => s.slice(p(g, 'x', 2, 5, 3), 1, 1, 4),
    split: (g) => {
      const [a, b] = s.split(p(g, 'x', 2, 6), 3) as [Tensor, Tensor];
      return e.mul(a, f.tanh(b)); // nothing reads the third part
    },
    flip: (g) => s.flip(p(g, 'x', 2, 4, 3), 1),
    concat: (g) => s.concat([p(g, 'x', 2, 3), p(g, 'y', 2, 1), p(g, 'x', 2, 3)], 1),
    pad: (g) => s.pad(p(g, 'x', 2, 3), [1, 0], [0, 2]),
  },
  indexing: {
    'gather rows, some twice': (g) => index.gatherRows(p(g, 'x', 4, 3), ids(g, [1, 1, 3, 0], [2, 2])),
    'gather from two places': (g) =>
      e.add(
        index.gatherRows(p(g, 'x', 4, 3), ids(g, [1, 1])),
        index.gatherRows(p(g, 'x', 4, 3), ids(g, [2, 1])),
      ),
    'gather and use whole': (g) =>
      matmul(index.gatherRows(p(g, 'x', 4, 3), ids(g, [1, 1])), p(g, 'x', 4, 3), { transB: true }),
    'scatter rows': (g) => index.scatterRowsAdd(p(g, 'x', 4, 3), ids(g, [2, 0, 2]), p(g, 'y', 3, 3)),
    'gather elements': (g) => index.gatherElements(p(g, 'x', 2, 4), ids(g, [1, 1, 3, 0, 2, 2], [2, 3])),
    'gather elements of axis 0': (g) =>
      index.gatherElements(p(g, 'x', 3, 2), ids(g, [1, 1, 2, 0], [2, 2]), 0),
    'scatter elements': (g) =>
      index.scatterElementsAdd(p(g, 'x', 2, 4), ids(g, [1, 1, 3, 0, 2, 2], [2, 3]), p(g, 'y', 2, 3)),
    'pick a column': (g) => index.pickColumn(norm.logSoftmax(p(g, 'x', 3, 4)), ids(g, [2, 0, 3])),
  },
  'cross-entropy': {
    rows: (g) => loss.crossEntropyRows(p(g, 'x', 3, 5), ids(g, [4, 0, 4])),
    'weighted mean': (g) => loss.softmaxCrossEntropy(p(g, 'x', 3, 5), ids(g, [4, 0, 1]), weights(g, 1, 0, 2)),
    'linear rows': (g) => loss.linearCrossEntropyRows(p(g, 'h', 4, 3), p(g, 'e', 5, 3), ids(g, [4, 0, 4, 2])),
    'linear, tied to the embedding': (g) => {
      const table = p(g, 'e', 5, 3);
      const h = f.tanh(index.gatherRows(table, ids(g, [1, 0, 1, 3])));
      return loss.linearCrossEntropy(h, table, ids(g, [4, 0, 4, 2]), weights(g, 1, 1, 0, 0.5));
    },
  },
  dropout: { 'with a mask from the pool': (g) => dropout(dropout(p(g, 'x', 4, 5), 0.5), 0.2) },
  convolution: {
    '3 x 3': (g) => conv2d(p(g, 'x', 2, 2, 4, 3), p(g, 'k', 3, 2, 3, 3)),
    '1 x 1': (g) => conv2d(p(g, 'x', 2, 3, 2, 3), p(g, 'k', 2, 3, 1, 1)),
    'nearest enlargement': (g) => upsampleNearest(p(g, 'x', 1, 2, 2, 3), 2),
    'pixel shuffle': (g) => pixelShuffle(p(g, 'x', 1, 8, 2, 3), 2),
    'pixel unshuffle': (g) => pixelUnshuffle(p(g, 'x', 1, 2, 4, 2), 2),
  },
  layers: {
    linear: (g) => linear(p(g, 'x', 2, 3, 4), 'l', 5),
    'layer norm': (g) => layerNormOf(p(g, 'x', 2, 4), 'n'),
    'rms norm': (g) => rmsNormOf(p(g, 'x', 2, 4), 'n'),
    mlp: (g) => mlp(p(g, 'x', 2, 4), 'm', { hidden: 6, activation: 'gelu' }),
    positions: (g) => addPositions(p(g, 'x', 2, 3, 4), 'positions'),
    'sinusoids of time': (g) => sinusoids(p(g, 't', 3), 4, 10),
    'causal self-attention': (g) =>
      selfAttention(p(g, 'x', 2, 3, 4), 'a', { heads: 2, bias: causalBias(g, 3) }),
    'attention past padding': (g) => {
      const mask = g.constant(Uint8Array.from([1, 1, 0, 0, 1, 1]), [2, 3]);
      const x = s.reshape(p(g, 'x', 2, 3, 2), [2, 1, 3, 2]);
      return attend([x, f.tanh(x), x], { heads: 1, bias: paddingBias(mask) });
    },
    'transformer block': (g) =>
      transformerBlock(p(g, 'x', 2, 3, 4), 'b', { ...block, bias: causalBias(g, 3) }),
    'gated block': (g) => gatedBlock(p(g, 'x', 2, 3, 4), 'b', { ...block, bias: causalBias(g, 3) }),
    'hstu block, pointwise': (g) =>
      hstuPointwiseBlock(p(g, 'x', 2, 3, 4), 'b', { ...block, bias: causalBias(g, 3) }),
    'position bias': (g) => positionBias(g, 'bias', { heads: 2, length: 3 }),
    'time bias': (g) => {
      const times = ids(g, [0, 70, 4000, 0, 0, 0], [2, 3]);
      const asked = ids(g, [70, 4000, 2e8, -1, -1, -1], [2, 3]);
      return e.mul(timeBias('bias', { times, asked }, 2), p(g, 'x', 2, 2, 3, 3));
    },
    'recalled attention': (g) => recalled(g, {}),
    'recalled attention, pointwise': (g) => recalled(g, { weigh: pointwiseWeights }),
    'hstu block': (g) => hstuBlock(p(g, 'x', 2, 3, 4), 'b', { ...block, bias: causalBias(g, 3) }),
  },
};

const feeds: Values = { 'dropout.offset': Int32Array.of(123_456) };
const compute = onnxCompute({ threads: 1 });

for (const [family, builds] of Object.entries(cases)) {
  describe(family, () => {
    test.each(Object.entries(builds))('%s: the gradient agrees with central differences', (_, build) => {
      expect(gradientError(gradCase(build, feeds))).toBeLessThan(1e-6);
    });
    test.each(Object.entries(builds))('%s: ONNX Runtime agrees with the interpreter', async (_, build) => {
      expect(await computeError(compute, gradCase(build, feeds))).toBeLessThan(2e-5);
    });
  });
}
