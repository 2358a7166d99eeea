import { type Tensor } from '../graph.js';
import { nth } from '../op-rule.js';
import { add, mul } from '../ops/elementwise.js';
import { cos, sin } from '../ops/functions.js';
import { concat, reshape } from '../ops/shaping.js';

/** Adds a learned vector per position to x (batch, length, d). */
export function addPositions(x: Tensor, name: string, std = 0.02): Tensor {
  const shape = x.shape.slice(1);
  return add(x, x.graph.parameter(`${name}.weight`, shape, { kind: 'normal', std }));
}

/** t (batch) -> (batch, width): sines and cosines from period 2π up to 2π · `longest` (Vaswani et al. 2017), for diffusion times. */
export function sinusoids(t: Tensor, width: number, longest = 10_000): Tensor {
  const half = width / 2;
  const frequencies = Float32Array.from({ length: half }, (_, i) => longest ** (-i / half));
  const angles = mul(reshape(t, [nth(t.shape, 0), 1]), t.graph.constant(frequencies, [1, half])); // (batch, width / 2)
  return concat([sin(angles), cos(angles)], 1);
}
