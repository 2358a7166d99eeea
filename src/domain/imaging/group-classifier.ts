import type { Tensor } from '../graph/graph.js';
import { linear } from '../graph/layers/linear.js';
import { pixelUnshuffle } from '../graph/ops/convolution.js';
import { add } from '../graph/ops/elementwise.js';
import { silu } from '../graph/ops/functions.js';
import { reduceMean } from '../graph/ops/reducing.js';
import { convolved } from './sharpener.js';

/** Length of the space in which pictures are compared. */
export const FEATURES = 64;

/**
 * Which group a picture of 64 x 64 shows, and what it looks like as 64 numbers: the judge of `bench:images`. It shares no weights and no
 * words with the generator. x (B, 3, 64, 64) in [-1, 1] -> features (B, 64), scores (B, groups).
 */
export function groupClassifier(x: Tensor, groups: number): { features: Tensor; scores: Tensor } {
  const h = residual(convolved(pixelUnshuffle(x, 2), 'in', 48), 'a'); // (B, 48, 32, 32)
  const i = residual(convolved(pixelUnshuffle(silu(h), 2), 'down', 96), 'b'); // (B, 96, 16, 16)
  const j = residual(convolved(pixelUnshuffle(silu(i), 2), 'last', 192), 'c'); // (B, 192, 8, 8)
  const features = silu(linear(reduceMean(silu(j), { axes: [2, 3] }), 'features', FEATURES));
  return { features, scores: linear(features, 'scores', groups) };
}

function residual(x: Tensor, name: string): Tensor {
  const channels = x.shape[1] ?? 0;
  const inner = silu(convolved(silu(x), `${name}.in`, channels));
  return add(x, convolved(inner, `${name}.out`, channels, 0.2));
}
