import { type Tensor } from '../graph.js';
import { at, nth, type Numbers, type OpRules } from '../op-rule.js';
import { type Shape, sizeOf } from '../shape.js';
import { matmul } from './matmul.js';
import { reduceSum } from './reducing.js';
import { concat, flip, pad, reshape, slice, transpose } from './shaping.js';

/** Same-size convolution, stride 1: x (n, i, h, w), kernel (o, i, k, k) with odd k -> (n, o, h, w). */
export function conv2d(x: Tensor, kernel: Tensor): Tensor {
  const [n, , h, w] = four(x.shape);
  const [o, , k] = four(kernel.shape);
  if (k % 2 === 0) throw new Error(`conv2d needs an odd kernel, got ${k}`);
  return nth(x.graph.apply('conv2d', [x, kernel], {}, [{ shape: [n, o, h, w], dtype: 'f32' }]), 0);
}

/** Repeats each pixel `factor` times in both directions: (n, c, h, w) -> (n, c, h f, w f). */
export function upsampleNearest(x: Tensor, factor: number): Tensor {
  const [n, c, h, w] = four(x.shape);
  const shape = [n, c, h * factor, w * factor];
  return nth(x.graph.apply('upsampleNearest', [x], { factor }, [{ shape, dtype: 'f32' }]), 0);
}

/** (n, c f², h, w) -> (n, c, h f, w f): channels become pixels (Shi et al. 2016). */
export function pixelShuffle(x: Tensor, factor: number): Tensor {
  const [n, cff, h, w] = four(x.shape);
  const c = cff / factor ** 2;
  const blocks = transpose(reshape(x, [n, c, factor, factor, h, w]), [0, 1, 4, 2, 5, 3]);
  return reshape(blocks, [n, c, h * factor, w * factor]);
}

/** The inverse of `pixelShuffle`: a picture at a quarter of the size with four times the channels. */
export function pixelUnshuffle(x: Tensor, factor: number): Tensor {
  const [n, c, h, w] = four(x.shape);
  const blocks = reshape(x, [n, c, h / factor, factor, w / factor, factor]);
  return reshape(transpose(blocks, [0, 1, 3, 5, 2, 4]), [n, c * factor ** 2, h / factor, w / factor]);
}

function four(shape: Shape): [number, number, number, number] {
  if (shape.length !== 4) throw new Error(`four axes wanted, got ${shape.join('x')}`);
  return [nth(shape, 0), nth(shape, 1), nth(shape, 2), nth(shape, 3)];
}

function convolve(x: Numbers, kernel: Numbers, [xs, ks]: readonly [Shape, Shape]): Numbers {
  const [n, channels, h, w] = four(xs);
  const [o, , k] = four(ks);
  const half = (k - 1) / 2;
  const pixel = (b: number, i: number, [row, column]: readonly [number, number]) =>
    row < 0 || row >= h || column < 0 || column >= w ? 0 : at(x, ((b * channels + i) * h + row) * w + column);
  const sum = (e: number) => {
    const [b, out, row, column] = [
      Math.floor(e / (o * h * w)),
      Math.floor(e / (h * w)) % o,
      Math.floor(e / w) % h,
      e % w,
    ];
    let total = 0;
    for (let t = 0; t < channels * k * k; t++) {
      const [i, dy, dx] = [Math.floor(t / (k * k)), Math.floor(t / k) % k, t % k];
      total +=
        at(kernel, (out * channels + i) * k * k + dy * k + dx) *
        pixel(b, i, [row + dy - half, column + dx - half]);
    }
    return total;
  };
  return Float64Array.from({ length: n * o * h * w }, (_, e) => sum(e));
}

/** dK[o][i][y][x] = Σ dout · shifted input, one matrix product per shift: on a CPU 1.5 times faster than as a convolution. */
function kernelGradient(x: Tensor, dout: Tensor, k: number): Tensor {
  const [n, i, h, w] = four(x.shape);
  const o = nth(dout.shape, 1);
  const half = (k - 1) / 2;
  const byChannel = transpose(x, [1, 0, 2, 3]); // (i, n, h, w)
  const padded = pad(byChannel, [0, 0, half, half], [0, 0, half, half]);
  const d = reshape(transpose(dout, [1, 0, 2, 3]), [o, n * h * w]);
  const shifts = Array.from({ length: k * k }, (_, t) => {
    const [dy, dx] = [Math.floor(t / k), t % k];
    const shifted = reshape(slice(slice(padded, 2, dy, dy + h), 3, dx, dx + w), [i, n * h * w]);
    return reshape(matmul(d, shifted, { transB: true }), [o, i, 1]);
  });
  return reshape(concat(shifts, 2), [o, i, k, k]);
}

export const convolutionRules: OpRules<'conv2d' | 'upsampleNearest'> = {
  conv2d: {
    evaluate: ({ inputs }, xs) => [
      convolve(nth(xs, 0), nth(xs, 1), [nth(inputs, 0).shape, nth(inputs, 1).shape]),
    ],
    backward({ inputs: [x, kernel] }, [dout]) {
      if (!x || !kernel || !dout) return [];
      const turned = transpose(flip(flip(kernel, 2), 3), [1, 0, 2, 3]);
      return [conv2d(dout, turned), kernelGradient(x, dout, nth(kernel.shape, 2))];
    },
  },
  upsampleNearest: {
    evaluate({ inputs, outputs, attrs }, [x = new Float64Array()]) {
      const [, , , w] = four(nth(inputs, 0).shape);
      const [, , H, W] = four(nth(outputs, 0).shape);
      const { factor } = attrs;
      const from = (e: number) => {
        const [plane, row, column] = [Math.floor(e / (H * W)), Math.floor(e / W) % H, e % W];
        return (plane * (H / factor) + Math.floor(row / factor)) * w + Math.floor(column / factor);
      };
      return [Float64Array.from({ length: sizeOf(nth(outputs, 0).shape) }, (_, e) => at(x, from(e)))];
    },
    backward({ inputs: [x], attrs: { factor } }, [dy]) {
      if (!x || !dy) return [];
      const [n, c, h, w] = four(x.shape);
      return [reduceSum(reshape(dy, [n, c, h, factor, w, factor]), { axes: [3, 5] })];
    },
  },
};
