import type { Graph, Tensor } from '../graph/graph.js';
import { attend, selfAttention } from '../graph/layers/attention.js';
import { linear } from '../graph/layers/linear.js';
import { mlp } from '../graph/layers/mlp.js';
import { rmsNormOf } from '../graph/layers/norm.js';
import { addPositions, sinusoids } from '../graph/layers/positional.js';
import { add, div, maximum, mul, sub } from '../graph/ops/elementwise.js';
import { silu, square } from '../graph/ops/functions.js';
import { layerNorm } from '../graph/ops/normalising.js';
import { reduceMean } from '../graph/ops/reducing.js';
import { concat, reshape, slice, split } from '../graph/ops/shaping.js';

export interface DenoiserShape {
  /** Patches of a picture (16 x 16) and numbers per patch (4 x 4 pixels, RGB). */
  readonly tokens: number;
  readonly k: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  /** Length of text and taste vectors. */
  readonly dimensions: number;
  /** Known words and styles. */
  readonly bag: number;
  /** Most words or names of several words that stand as tokens of their own. */
  readonly units: number;
  /** Length of the palette's histogram. */
  readonly palette: number;
}

export interface DenoiserInputs {
  readonly x: Tensor; // (B, tokens, k)
  readonly time: Tensor; // (B)
  readonly text: Tensor; // (B, dimensions)
  readonly units: Tensor; // (B, units, dimensions)
  readonly bag: Tensor; // (B, bag)
  readonly taste: Tensor; // (B, dimensions)
  readonly palette: Tensor; // (B, palette)
}

const WORDS = 384;
/** A palette's shares sum to 1; so scaled they weigh as much as the bag's ones. */
const PALETTE_SCALE = 8;

/**
 * The clean picture predicted from a noisy one, its time and what was said: a diffusion transformer on patches (Peebles & Xie 2023) that
 * predicts the picture itself, not the noise (Li & He 2025). Words steer it twice: all together through the layer norms, whose
 * modulation is shared by the blocks but for a table (Chen et al. 2023, adaLN-single: a third of the weights are saved), and
 * each by itself as a token that patches may look at, so that "cat with a crown" can be a cat here and a crown there.
 */
export function denoiser(inputs: DenoiserInputs, shape: DenoiserShape): Tensor {
  const { x, units } = inputs;
  const { width, tokens } = shape;
  const c = silu(conditioning(inputs, shape)); // (B, width)
  const shared = linear(c, 'modulation', 6 * width, { std: 0 });
  const words = linear(mul(units, Math.sqrt(shape.dimensions)), 'units', width, {
    std: 0.3 / Math.sqrt(shape.dimensions),
  });
  let h = concat([addPositions(linear(x, 'patches', width), 'positions'), words], 1); // (B, tokens + units, width)
  for (let layer = 0; layer < shape.layers; layer++)
    h = block(h, shared, { name: `block${layer}`, heads: shape.heads });
  const [shift, scale] = parts(linear(c, 'final.modulation', 2 * width, { std: 0 }), 2);
  return linear(modulated(slice(h, 1, 0, tokens), shift, scale), 'final', shape.k, { std: 0 }); // (B, tokens, k)
}

/**
 * Velocity loss of the straight path x_t = t x + (1 - t) ε: |x̂ - x|² / (1 - t)². Beyond t = 0.9 the weight stays, so that a nearly
 * clean picture does not drown the rest.
 */
export function denoiserLoss(graph: Graph, batch: number, shape: DenoiserShape): Tensor {
  const picture = [batch, shape.tokens, shape.k];
  const clean = graph.input('clean', picture);
  const noise = graph.input('noise', picture);
  const time = graph.input('time', [batch]);
  const t = reshape(time, [batch, 1, 1]);
  const x = add(mul(clean, t), mul(noise, sub(1, t)));
  const predicted = denoiser({ x, time, ...conditionInputs(graph, batch, shape) }, shape);
  return reduceMean(square(div(sub(predicted, clean), maximum(sub(1, t), 0.1))));
}

/** The condition's inputs, under the names that `TrainingBatch` and `LocalDiffusion` feed. */
export function conditionInputs(graph: Graph, batch: number, shape: DenoiserShape) {
  return {
    text: graph.input('text', [batch, shape.dimensions]),
    units: graph.input('units', [batch, shape.units, shape.dimensions]),
    bag: graph.input('bag', [batch, shape.bag]),
    taste: graph.input('taste', [batch, shape.dimensions]),
    palette: graph.input('palette', [batch, shape.palette]),
  };
}

/** For sampling: inputs x, time and the condition, output `clean`. */
export function denoiserModel(graph: Graph, batch: number, shape: DenoiserShape): Tensor {
  const x = graph.input('x', [batch, shape.tokens, shape.k]);
  const time = graph.input('time', [batch]);
  return graph.output('clean', denoiser({ x, time, ...conditionInputs(graph, batch, shape) }, shape));
}

/** Time and all that was said as one vector. Unit vectors of 512 numbers are scaled to unit numbers; a bag of some 6 ones stays. */
function conditioning(inputs: DenoiserInputs, { dimensions, width }: DenoiserShape): Tensor {
  const scale = Math.sqrt(dimensions);
  const said = [
    linear(mul(inputs.text, scale), 'words.text', WORDS),
    linear(inputs.bag, 'words.bag', WORDS, { bias: false, std: 0.3 }),
    linear(mul(inputs.taste, scale), 'words.taste', WORDS, { bias: false }),
    linear(mul(inputs.palette, PALETTE_SCALE), 'words.palette', WORDS, { bias: false, std: 0.3 }),
  ].reduce(add);
  const when = mlp(sinusoids(mul(inputs.time, 1000), 128), 'time', { hidden: width, out: width });
  return add(linear(silu(linear(silu(said), 'words.mix', WORDS)), 'words.out', width), when);
}

function block(h: Tensor, shared: Tensor, { name, heads }: { name: string; heads: number }): Tensor {
  const width = h.shape[2] ?? 0;
  const own = h.graph.parameter(`${name}.modulation`, [6 * width], { kind: 'zeros' });
  const [shift1, scale1, gate1, shift2, scale2, gate2] = parts(add(shared, own), 6);
  const attended = selfAttention(modulated(h, shift1, scale1), `${name}.attention`, {
    heads,
    attend: ([q, k, v], options) =>
      attend([rmsNormOf(q, `${name}.attention.q`), rmsNormOf(k, `${name}.attention.k`), v], options),
  });
  const between = add(h, mul(attended, gate1 as Tensor));
  const inner = mlp(modulated(between, shift2, scale2), `${name}.mlp`, { hidden: 4 * width });
  return add(between, mul(inner, gate2 as Tensor));
}

/** (B, n width) -> n tensors (B, 1, width), to be spread over the tokens. */
function parts(modulation: Tensor, count: number): Tensor[] {
  const [batch, all] = [modulation.shape[0] ?? 1, modulation.shape[1] ?? 0];
  return split(modulation, count).map((part) => reshape(part, [batch, 1, all / count]));
}

function modulated(h: Tensor, shift: Tensor | undefined, scale: Tensor | undefined): Tensor {
  if (!shift || !scale) throw new Error('modulation needs a shift and a scale');
  const width = h.shape[h.shape.length - 1] ?? 0;
  const ones = h.graph.constant(new Float32Array(width).fill(1));
  const zeros = h.graph.constant(new Float32Array(width));
  return add(mul(layerNorm(h, ones, zeros, 1e-6), add(scale, 1)), shift);
}
