import { type Tensor } from '../graph.js';
import { at, nth, type Numbers, type OpRules } from '../op-rule.js';
import { type Shape, sizeOf } from '../shape.js';
import { add, div, mul, sub } from './elementwise.js';
import { exp, sqrt } from './functions.js';
import { reduceMean, reduceSum, reduceSumSquare } from './reducing.js';
import { sumTo } from './shaping.js';

/** Over the last axis. */
export const softmax = (x: Tensor): Tensor => nth(x.graph.apply('softmax', [x], {}, [x]), 0);
export const logSoftmax = (x: Tensor): Tensor => nth(x.graph.apply('logSoftmax', [x], {}, [x]), 0);

/** (x - mean) / √(variance + ε) · gain + shift over the last axis (Ba et al. 2016). */
export function layerNorm(x: Tensor, gain: Tensor, shift: Tensor, epsilon = 1e-5): Tensor {
  const perRow = { shape: rowShape(x.shape), dtype: x.dtype };
  return nth(x.graph.apply('layerNorm', [x, gain, shift], { epsilon }, [x, perRow, perRow]), 0);
}

/** x / √(mean x² + ε) · gain over the last axis (Zhang & Sennrich 2019). */
export function rmsNorm(x: Tensor, gain: Tensor, epsilon = 1e-6): Tensor {
  const meanSquare = mul(
    reduceSumSquare(x, { axes: [-1], keepDims: true }),
    1 / nth(x.shape, x.shape.length - 1),
  );
  return mul(div(x, sqrt(add(meanSquare, epsilon))), gain);
}

/** x / √(Σ x² + ε) over the last axis; ε keeps an all-zero row at zero. */
export function l2Normalise(x: Tensor, epsilon = 1e-12): Tensor {
  return div(x, sqrt(add(reduceSumSquare(x, { axes: [-1], keepDims: true }), epsilon)));
}

const rowShape = (shape: Shape): number[] => [...shape.slice(0, -1), 1];

/** Calls `f` with each row of the last axis. */
function mapRows(x: Numbers, shape: Shape, f: (row: Numbers) => Numbers): Numbers {
  const width = shape[shape.length - 1] ?? 1;
  const y = new Float64Array(x.length);
  for (let start = 0; start < x.length; start += width) y.set(f(x.subarray(start, start + width)), start);
  return y;
}

function softmaxRow(row: Numbers): Numbers {
  const max = row.reduce((m, v) => Math.max(m, v), -Infinity);
  const e = row.map((v) => Math.exp(v - max));
  const sum = e.reduce((s, v) => s + v, 0);
  return e.map((v) => v / sum);
}

const mean = (row: Numbers) => row.reduce((sum, v) => sum + v, 0) / row.length;
const rowSum = (x: Tensor) => reduceSum(x, { axes: [-1], keepDims: true });
const rowMean = (x: Tensor) => reduceMean(x, { axes: [-1], keepDims: true });

export const normalisingRules: OpRules<'softmax' | 'logSoftmax' | 'layerNorm'> = {
  softmax: {
    evaluate: ({ inputs }, [x]) => [mapRows(x ?? new Float64Array(), nth(inputs, 0).shape, softmaxRow)],
    backward({ outputs: [p] }, [dp]) {
      if (!p || !dp) return [];
      const pdp = mul(p, dp);
      return [sub(pdp, mul(p, rowSum(pdp)))]; // p (dp - Σ p dp)
    },
  },
  logSoftmax: {
    evaluate: ({ inputs }, [x]) => [
      mapRows(x ?? new Float64Array(), nth(inputs, 0).shape, (row) => softmaxRow(row).map(Math.log)),
    ],
    backward: ({ outputs: [y] }, [dy]) => [y && dy && sub(dy, mul(exp(y), rowSum(dy)))],
  },
  layerNorm: {
    evaluate({ inputs, outputs, attrs }, [x = new Float64Array(), gain = [], shift = []]) {
      const { shape } = nth(inputs, 0);
      const width = nth(shape, shape.length - 1);
      const [means, inverse] = [1, 2].map((i) => new Float64Array(sizeOf(nth(outputs, i).shape)));
      let row = 0;
      const y = mapRows(x, shape, (v) => {
        const m = mean(v);
        const r = 1 / Math.sqrt(mean(v.map((a) => (a - m) ** 2)) + attrs.epsilon);
        nth([means], 0)?.fill(m, row, row + 1);
        nth([inverse], 0)?.fill(r, row, ++row);
        return v.map((a, i) => (a - m) * r * at(gain, i % width) + at(shift, i % width));
      });
      return [y, means ?? y, inverse ?? y];
    },
    backward({ inputs: [x, gain, shift], outputs: [, m, r] }, [dy]) {
      if (!x || !gain || !shift || !m || !r || !dy) return [];
      const z = mul(sub(x, m), r); // (…, d) normalised
      const dz = mul(dy, gain);
      const dx = mul(sub(sub(dz, rowMean(dz)), mul(z, rowMean(mul(dz, z)))), r);
      return [dx, sumTo(mul(dy, z), gain.shape), sumTo(dy, shift.shape)];
    },
  },
};
