import type { Graph, Tensor } from '../graph/graph.js';
import { selfAttention } from '../graph/layers/attention.js';
import { linear } from '../graph/layers/linear.js';
import { mlp } from '../graph/layers/mlp.js';
import { addPositions, sinusoids } from '../graph/layers/positional.js';
import { add, div, maximum, mul, sub } from '../graph/ops/elementwise.js';
import { silu, square } from '../graph/ops/functions.js';
import { layerNorm } from '../graph/ops/normalising.js';
import { reduceMean } from '../graph/ops/reducing.js';
import { concat, reshape, split } from '../graph/ops/shaping.js';

export interface DenoiserShape {
  /** Tokens of a picture (8 x 8) and numbers per token. */
  readonly tokens: number;
  readonly k: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  /** Length of text and taste vectors. */
  readonly dimensions: number;
  /** Known words and styles. */
  readonly bag: number;
}

export interface DenoiserInputs {
  readonly x: Tensor; // (B, tokens, k)
  readonly time: Tensor; // (B)
  readonly text: Tensor; // (B, dimensions)
  readonly bag: Tensor; // (B, bag)
  readonly taste: Tensor; // (B, dimensions)
}

const WORDS = 384;
const SKETCH = 1024;
/** Dense layers of the sketch. */
const SKETCH_LAYERS = 3;

/**
 * The clean picture predicted from a noisy one, its time, words and taste, in two parts. A dense network sketches the whole picture at once:
 * with 2,000 centred drawings "which thing" and "where" are nearly one question, and it costs 7 M products a picture. A small
 * diffusion transformer with adaptive layer norm (Peebles & Xie 2023) corrects the sketch. Both predict the picture itself,
 * not the noise (Li & He 2025): flat art is simpler than noise.
 */
export function denoiser(inputs: DenoiserInputs, shape: DenoiserShape): Tensor {
  const { x, time } = inputs;
  const said = sayWords(inputs, shape); // (B, WORDS)
  const when = mlp(sinusoids(mul(time, 1000), 128), 'time', { hidden: shape.width, out: shape.width });
  const c = silu(add(linear(said, 'words.out', shape.width), when)); // (B, width)
  const sketched = sketch(x, said, c);
  let h = addPositions(linear(concat([x, sketched], 2), 'tokens', shape.width), 'positions');
  for (let layer = 0; layer < shape.layers; layer++)
    h = block(h, c, { name: `block${layer}`, heads: shape.heads });
  const [shift, scale] = modulation(c, 'final.modulation', 2, shape.width);
  return add(sketched, linear(modulated(h, shift, scale), 'final', shape.k, { std: 0 })); // (B, tokens, k)
}

/** Every number of the picture from every other, the words and the time: (B, tokens, k). */
function sketch(x: Tensor, said: Tensor, c: Tensor): Tensor {
  const [batch, tokens, k] = [x.shape[0] ?? 1, x.shape[1] ?? 1, x.shape[2] ?? 1];
  let h = linear(concat([reshape(x, [batch, tokens * k]), said, c], 1), 'sketch.in', SKETCH);
  for (let layer = 0; layer < SKETCH_LAYERS; layer++) {
    const [shift, scale] = split(linear(c, `sketch${layer}.modulation`, 2 * SKETCH, { std: 0 }), 2);
    h = add(
      h,
      linear(silu(modulated(h, shift, scale)), `sketch${layer}`, SKETCH, { std: 0.5 / Math.sqrt(SKETCH) }),
    );
  }
  return reshape(linear(silu(h), 'sketch.out', tokens * k, { std: 0.1 / Math.sqrt(SKETCH) }), [
    batch,
    tokens,
    k,
  ]);
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
  const away = div(sub(predicted, clean), maximum(sub(1, t), 0.1));
  return reduceMean(square(away));
}

/** The condition's inputs, under the names that `TrainingBatch` and `LocalDiffusion` feed. */
export function conditionInputs(graph: Graph, batch: number, shape: DenoiserShape) {
  return {
    text: graph.input('text', [batch, shape.dimensions]),
    bag: graph.input('bag', [batch, shape.bag]),
    taste: graph.input('taste', [batch, shape.dimensions]),
  };
}

/** For sampling: inputs x, time and the condition, output `clean`. */
export function denoiserModel(graph: Graph, batch: number, shape: DenoiserShape): Tensor {
  const x = graph.input('x', [batch, shape.tokens, shape.k]);
  const time = graph.input('time', [batch]);
  return graph.output('clean', denoiser({ x, time, ...conditionInputs(graph, batch, shape) }, shape));
}

/** Unit vectors of 512 numbers are scaled to unit numbers; a bag of some 6 ones stays as it is. */
function sayWords({ text, bag, taste }: DenoiserInputs, { dimensions }: DenoiserShape): Tensor {
  const scale = Math.sqrt(dimensions);
  const sum = add(
    add(
      linear(mul(text, scale), 'words.text', WORDS),
      linear(bag, 'words.bag', WORDS, { bias: false, std: 0.3 }),
    ),
    linear(mul(taste, scale), 'words.taste', WORDS, { bias: false }),
  );
  return silu(linear(silu(sum), 'words.mix', WORDS));
}

function block(h: Tensor, c: Tensor, { name, heads }: { name: string; heads: number }): Tensor {
  const width = h.shape[2] ?? 0;
  const [shift1, scale1, gate1, shift2, scale2, gate2] = modulation(c, `${name}.modulation`, 6, width);
  const attended = selfAttention(modulated(h, shift1, scale1), `${name}.attention`, { heads });
  const between = add(h, mul(attended, gate1 as Tensor));
  const inner = mlp(modulated(between, shift2, scale2), `${name}.mlp`, { hidden: 4 * width });
  return add(between, mul(inner, gate2 as Tensor));
}

/** adaLN-Zero: shifts, scales and gates from the condition, all zero at the start, so that each block begins as nothing. */
function modulation(c: Tensor, name: string, parts: number, width: number): Tensor[] {
  const batch = c.shape[0] ?? 1;
  return split(linear(c, name, parts * width, { std: 0 }), parts).map((part) =>
    reshape(part, [batch, 1, width]),
  );
}

function modulated(h: Tensor, shift: Tensor | undefined, scale: Tensor | undefined): Tensor {
  if (!shift || !scale) throw new Error('modulation needs a shift and a scale');
  const width = h.shape[h.shape.length - 1] ?? 0;
  const plain = layerNorm(
    h,
    h.graph.constant(new Float32Array(width).fill(1)),
    h.graph.constant(new Float32Array(width)),
    1e-6,
  );
  return add(mul(plain, add(scale, 1)), shift);
}
