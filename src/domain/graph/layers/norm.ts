import { type Tensor } from '../graph.js';
import { nth } from '../op-rule.js';
import { layerNorm, rmsNorm } from '../ops/normalising.js';

const widthOf = (x: Tensor) => nth(x.shape, x.shape.length - 1);

/** Layer normalisation with its own gain and shift. */
export function layerNormOf(x: Tensor, name: string): Tensor {
  const gain = x.graph.parameter(`${name}.gain`, [widthOf(x)], { kind: 'ones' });
  return layerNorm(x, gain, x.graph.parameter(`${name}.shift`, [widthOf(x)], { kind: 'zeros' }));
}

/** Root-mean-square normalisation with its own gain. */
export function rmsNormOf(x: Tensor, name: string): Tensor {
  return rmsNorm(x, x.graph.parameter(`${name}.gain`, [widthOf(x)], { kind: 'ones' }));
}
