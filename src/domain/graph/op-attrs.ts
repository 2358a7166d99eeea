import { type DType, type Shape } from './shape.js';

type None = Record<string, never>;
type Reduce = { axes: readonly number[]; keepDims: boolean };
type Scatter = { axis: number };

/**
 * Every primitive of the graph and what it is parameterised by. The interpreter, the gradient rules and the ONNX lowering are
 * tables over these names, so a primitive that one of them forgets does not compile.
 */
export interface OpAttrs {
  add: None;
  sub: None;
  mul: None;
  div: None;
  maximum: None;
  minimum: None;
  greater: None;
  less: None;
  equal: None;
  and: None;
  not: None;
  where: None;
  cast: { to: DType };
  stopGradient: None;
  neg: None;
  exp: None;
  log: None;
  sqrt: None;
  pow: { exponent: number };
  sin: None;
  cos: None;
  erf: None;
  relu: None;
  sigmoid: None;
  tanh: None;
  gelu: None;
  silu: None;
  matmul: { transA: boolean; transB: boolean };
  softmax: None;
  logSoftmax: None;
  layerNorm: { epsilon: number };
  reduceSum: Reduce;
  reduceMean: Reduce;
  reduceMax: Reduce;
  reduceSumSquare: Reduce;
  reshape: None;
  expand: None;
  transpose: { perm: readonly number[] };
  split: { axis: number };
  slice: { axis: number; start: number; end: number };
  flip: { axis: number };
  concat: { axis: number };
  pad: { before: readonly number[]; after: readonly number[] };
  gatherRows: None;
  scatterRowsAdd: None;
  gatherElements: Scatter;
  scatterElementsAdd: Scatter;
  crossEntropy: None;
  linearCrossEntropy: None;
  dropoutMask: { rate: number; shape: Shape; site: number };
  conv2d: None;
  upsampleNearest: { factor: number };
}

export type OpName = keyof OpAttrs;
