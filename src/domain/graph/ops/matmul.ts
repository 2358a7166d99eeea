import { type Node, type Tensor } from '../graph.js';
import { at, nth, type Numbers, type OpRules } from '../op-rule.js';
import { broadcastIndex, broadcastShapes, type Shape, sizeOf } from '../shape.js';
import { reshape, sumTo } from './shaping.js';

/**
 * Matrix product over the last two axes, leading axes broadcast; `transA` and `transB` read a factor transposed without copying
 * it. A batch times one plain matrix becomes a single large product: that is the form the machine is fastest at.
 */
export function matmul(a: Tensor, b: Tensor, { transA = false, transB = false } = {}): Tensor {
  if (b.shape.length === 2 && a.shape.length > 2 && !transA) {
    const k = nth(a.shape, a.shape.length - 1);
    const flat = matmul(reshape(a, [-1, k]), b, { transB });
    return reshape(flat, [...a.shape.slice(0, -1), nth(flat.shape, 1)]);
  }
  const [m, k] = lastTwo(a.shape, transA);
  const [k2, n] = lastTwo(b.shape, transB);
  if (k !== k2) throw new Error(`matmul of ${a.shape.join('x')} and ${b.shape.join('x')}`);
  const shape = [...broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2)), m, n];
  return nth(a.graph.apply('matmul', [a, b], { transA, transB }, [{ shape, dtype: 'f32' }]), 0);
}

function lastTwo(shape: Shape, transposed: boolean): [number, number] {
  const [rows, columns] = [nth(shape, shape.length - 2), nth(shape, shape.length - 1)];
  return transposed ? [columns, rows] : [rows, columns];
}

/** C += A B for one matrix of the batch, each factor read through its strides. */
function multiply({ inputs, outputs, attrs }: Node<'matmul'>, [a, b]: readonly [Numbers, Numbers]): Numbers {
  const [A, B, C] = [nth(inputs, 0).shape, nth(inputs, 1).shape, nth(outputs, 0).shape];
  const [m, k] = lastTwo(A, attrs.transA);
  const n = nth(C, C.length - 1);
  const [ai, ak] = attrs.transA ? [1, m] : [k, 1];
  const [bk, bj] = attrs.transB ? [1, k] : [n, 1];
  const batch = C.slice(0, -2);
  const [startA, startB] = [broadcastIndex(A.slice(0, -2), batch), broadcastIndex(B.slice(0, -2), batch)];
  const c = new Float64Array(sizeOf(C));
  for (let e = 0; e < c.length; e++) {
    const [matrix, i, j] = [Math.floor(e / (m * n)), Math.floor(e / n) % m, e % n];
    const [a0, b0] = [at(startA, matrix) * m * k + i * ai, at(startB, matrix) * k * n + j * bj];
    for (let l = 0; l < k; l++) c[e] = at(c, e) + at(a, a0 + l * ak) * at(b, b0 + l * bk);
  }
  return c;
}

export const matmulRules: OpRules<'matmul'> = {
  matmul: {
    evaluate: (node, xs) => [multiply(node, [nth(xs, 0), nth(xs, 1)])],
    backward({ inputs: [a, b], attrs: { transA, transB } }, [dc]) {
      if (!a || !b || !dc) return [];
      const da = transA
        ? matmul(b, dc, { transA: transB, transB: true })
        : matmul(dc, b, { transB: !transB });
      const db = transB
        ? matmul(dc, a, { transA: true, transB: transA })
        : matmul(a, dc, { transA: !transA });
      return [sumTo(da, a.shape), sumTo(db, b.shape)];
    },
  },
};
