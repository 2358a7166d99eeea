import { type Tensor } from '../graph.js';
import { at, nth, type Numbers, type OpRules } from '../op-rule.js';
import { div, maximum, mul, sub } from './elementwise.js';
import { neg } from './functions.js';
import { gatherRows, scatterElementsAdd, scatterRowsAdd } from './indexing.js';
import { matmul } from './matmul.js';
import { reduceSum } from './reducing.js';
import { reshape } from './shaping.js';

/** The smallest normal float: a target's probability below it counts as this, so a row's loss is at most 87.3. */
export const LEAST_PROBABILITY = 1.2e-38;

/**
 * -ln softmax(logits)[target] per row: logits (m, n), targets (m) -> (m). The gradient softmax - onehot needs no one-hot
 * matrix, and stays exact where the loss itself is clamped.
 */
export function crossEntropyRows(logits: Tensor, targets: Tensor): Tensor {
  const rows = { shape: targets.shape, dtype: logits.dtype };
  return nth(logits.graph.apply('crossEntropy', [logits, targets], {}, [rows, logits]), 0);
}

/**
 * The same for logits = hidden (m, d) · table (n, d)ᵀ. The row weights are put on the small factor (m, d) instead of the large
 * (m, n): two passes less over what is by far the largest tensor of a ranker's step.
 */
export function linearCrossEntropyRows(hidden: Tensor, table: Tensor, targets: Tensor): Tensor {
  const rows = { shape: targets.shape, dtype: hidden.dtype };
  const probabilities = { shape: [nth(hidden.shape, 0), nth(table.shape, 0)], dtype: hidden.dtype };
  return nth(
    hidden.graph.apply('linearCrossEntropy', [hidden, table, targets], {}, [rows, probabilities]),
    0,
  );
}

/** Σ w loss / max(Σ w, 1): rows of weight 0 (padding) count nothing, an empty batch costs 0. */
export function weightedMean(rows: Tensor, weights: Tensor): Tensor {
  return div(reduceSum(mul(rows, weights)), maximum(reduceSum(weights), 1));
}

export const softmaxCrossEntropy = (logits: Tensor, targets: Tensor, weights: Tensor): Tensor =>
  weightedMean(crossEntropyRows(logits, targets), weights);

export const linearCrossEntropy = (hidden: Tensor, table: Tensor, targets: Tensor, weights: Tensor): Tensor =>
  weightedMean(linearCrossEntropyRows(hidden, table, targets), weights);

/** Row losses and probabilities. */
function evaluateRows(logits: Numbers, targets: Numbers, n: number): Numbers[] {
  const probabilities = new Float64Array(logits.length);
  const losses = Float64Array.from(targets, (target, i) => {
    const row = logits.subarray(i * n, (i + 1) * n);
    const max = row.reduce((m, v) => Math.max(m, v), -Infinity);
    const e = row.map((v) => Math.exp(v - max));
    const sum = e.reduce((s, v) => s + v, 0);
    probabilities.set(
      e.map((v) => v / sum),
      i * n,
    );
    return -Math.log(Math.max(at(probabilities, i * n + target), LEAST_PROBABILITY));
  });
  return [losses, probabilities];
}

export const crossEntropyRules: OpRules<'crossEntropy' | 'linearCrossEntropy'> = {
  crossEntropy: {
    evaluate: ({ inputs }, xs) => evaluateRows(nth(xs, 0), nth(xs, 1), nth(nth(inputs, 0).shape, 1)),
    backward({ inputs: [, targets], outputs: [, p] }, [dRows]) {
      if (!targets || !p || !dRows) return [];
      const w = reshape(dRows, [-1, 1]);
      return [scatterElementsAdd(mul(p, w), reshape(targets, [-1, 1]), neg(w))]; // w (p - onehot)
    },
  },
  linearCrossEntropy: {
    evaluate({ inputs }, xs) {
      const [h, e, targets] = [nth(xs, 0), nth(xs, 1), nth(xs, 2)];
      const [m, d] = [nth(nth(inputs, 0).shape, 0), nth(nth(inputs, 0).shape, 1)];
      const n = nth(nth(inputs, 1).shape, 0);
      const dot = (i: number, j: number) =>
        h.subarray(i * d, (i + 1) * d).reduce((sum, v, k) => sum + v * at(e, j * d + k), 0);
      const logits = Float64Array.from({ length: m * n }, (_, x) => dot(Math.floor(x / n), x % n));
      return evaluateRows(logits, targets, n);
    },
    backward({ inputs: [h, e, targets], outputs: [, p] }, [dRows]) {
      if (!h || !e || !targets || !p || !dRows) return [];
      const w = reshape(dRows, [-1, 1]); // (m, 1)
      const wh = mul(h, w); // (m, d)
      const dh = mul(sub(matmul(p, e), gatherRows(e, targets)), w);
      const de = scatterRowsAdd(matmul(p, wh, { transA: true }), targets, neg(wh));
      return [dh, de];
    },
  },
};
