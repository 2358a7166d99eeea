import type { Graph, Tensor } from '../graph/graph.js';
import { add, mul, sub } from '../graph/ops/elementwise.js';
import { silu, sqrt, square } from '../graph/ops/functions.js';
import { conv2d, pixelShuffle, upsampleNearest } from '../graph/ops/convolution.js';
import { reduceMean } from '../graph/ops/reducing.js';
import { reshape } from '../graph/ops/shaping.js';

/** Small pixels become 4 x 4. */
export const ENLARGEMENT = 4;
const CHANNELS = 64;
const BLOCKS = 6;

/**
 * Our super-resolution step, 64 -> 256 pixels: residual convolutions at the small size, then channels become pixels (Shi et al. 2016),
 * added to the repeated small pixels. It learns from art whose small version the denoiser finished itself, so it also mends seams.
 * x (B, 3, h, w) in [-1, 1] -> (B, 3, 4 h, 4 w). A picture of 64 x 64 costs 1.9 G products.
 */
export function sharpener(x: Tensor): Tensor {
  let h = convolved(x, 'in', CHANNELS);
  for (let block = 0; block < BLOCKS; block++) {
    const inner = convolved(
      silu(convolved(h, `block${block}.in`, CHANNELS)),
      `block${block}.out`,
      CHANNELS,
      0.2,
    );
    h = add(h, inner);
  }
  const drawn = pixelShuffle(convolved(silu(h), 'out', 3 * ENLARGEMENT ** 2, 0.1), ENLARGEMENT);
  return add(upsampleNearest(x, ENLARGEMENT), drawn);
}

/** Charbonnier's |x̂ - x| (the root of the square plus a little): its minimum is the median, which keeps edges, not the mean, which blurs them. */
export function sharpenerLoss(graph: Graph, batch: number, width: number): Tensor {
  const small = graph.input('small', [batch, 3, width, width]);
  const large = graph.input('large', [batch, 3, width * ENLARGEMENT, width * ENLARGEMENT]);
  return reduceMean(sqrt(add(square(sub(sharpener(small), large)), 1e-4)));
}

/** Input `small` (B, 3, width, width), output `enlarged`. */
export function sharpenerModel(graph: Graph, batch: number, width: number): Tensor {
  const small = graph.input('small', [batch, 3, width, width]);
  return graph.output('enlarged', mul(sharpener(small), 1));
}

/** 3 x 3 with a bias; `gain` 1 keeps the variance. */
export function convolved(x: Tensor, name: string, out: number, gain = 1): Tensor {
  const channels = x.shape[1] ?? 0;
  const kernel = x.graph.parameter(`${name}.kernel`, [out, channels, 3, 3], {
    kind: 'normal',
    std: gain / Math.sqrt(9 * channels),
  });
  const bias = x.graph.parameter(`${name}.bias`, [out], { kind: 'zeros' });
  return add(conv2d(x, kernel), reshape(bias, [1, out, 1, 1]));
}
