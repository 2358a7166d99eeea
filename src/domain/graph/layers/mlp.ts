import { type Tensor } from '../graph.js';
import { nth } from '../op-rule.js';
import { dropout } from '../ops/dropout.js';
import { gelu, relu, silu } from '../ops/functions.js';
import { linear } from './linear.js';

const activations = { relu, gelu, silu };
export type Activation = keyof typeof activations;

export interface MlpOptions {
  hidden: number;
  /** Width of the result; that of `x` when left out. */
  out?: number | undefined;
  activation?: Activation | undefined;
  dropout?: number | undefined;
}

/** Two linear layers with an activation between; silu when none is named (gelu's quality at half its time). */
export function mlp(x: Tensor, name: string, options: MlpOptions): Tensor {
  const h = activations[options.activation ?? 'silu'](linear(x, `${name}.in`, options.hidden));
  return linear(
    dropout(h, options.dropout ?? 0),
    `${name}.out`,
    options.out ?? nth(x.shape, x.shape.length - 1),
  );
}
