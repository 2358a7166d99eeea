import { type Graph, type Tensor } from '../graph/graph.js';
import { linear } from '../graph/layers/linear.js';
import { mlp } from '../graph/layers/mlp.js';
import { layerNormOf } from '../graph/layers/norm.js';
import { sinusoids } from '../graph/layers/positional.js';
import { dropout } from '../graph/ops/dropout.js';
import { add, mul, sub } from '../graph/ops/elementwise.js';
import { silu } from '../graph/ops/functions.js';
import { concat } from '../graph/ops/shaping.js';

/** Parameters of the denoiser, to tell them from those of the trunk below it. */
export const DENOISER = 'denoiser.';

/** Layers between the first and the last. */
const LAYERS = 2;
/** Width of the inside as a multiple of the vector's size. */
const EXPANSION = 4;
const TIME_WIDTH = 32;

export interface DenoiserInputs {
  /** (n, size): noisy vectors, of about unit variance per number. */
  readonly x: Tensor;
  /** (n): 0..NOISE_STEPS. */
  readonly time: Tensor;
  /** (n, size): what is known of the person; null where the noisy vector itself is of the person. */
  readonly condition: Tensor | null;
}

/**
 * x̂_0 (n, size) from x_t, its time and the condition: a residual MLP, whose last layer starts at zero, so that the first answer is
 * the condition itself (the trunk's own guess), or without a condition the noisy vector.
 */
export function itemDenoiser({ x, time, condition }: DenoiserInputs, rate = 0): Tensor {
  const size = x.shape[1] as number;
  const when = mlp(sinusoids(time, TIME_WIDTH), `${DENOISER}time`, { hidden: size, out: size });
  const known = condition === null ? [x, when] : [x, condition, when];
  let h = linear(concat(known, 1), `${DENOISER}in`, EXPANSION * size);
  for (let layer = 0; layer < LAYERS; layer++) {
    const name = `${DENOISER}layer${layer}`;
    const inner = dropout(silu(layerNormOf(h, `${name}.norm`)), rate);
    h = add(h, linear(inner, name, EXPANSION * size, { std: 0.02 }));
  }
  const last = dropout(silu(layerNormOf(h, `${DENOISER}norm`)), rate);
  const moved = linear(last, `${DENOISER}out`, size, { std: 0 });
  return add(condition ?? x, moved);
}

/** The condition where `told` (n, 1) is 1, a learned "nothing is known" where it is 0: guidance needs both answers. */
export function toldOrNothing(graph: Graph, condition: Tensor, told: Tensor): Tensor {
  const size = condition.shape[1] as number;
  const nothing = graph.parameter(`${DENOISER}nothing`, [1, size], { kind: 'zeros' });
  return add(mul(condition, told), mul(nothing, sub(1, told)));
}
