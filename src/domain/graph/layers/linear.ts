import { type Graph, type Tensor } from '../graph.js';
import { add } from '../ops/elementwise.js';
import { matmul } from '../ops/matmul.js';
import { nth } from '../op-rule.js';

export interface LinearOptions {
  bias?: boolean;
  /** Standard deviation of the weights at the start; 1/√in when left out. 0 starts a branch as nothing. */
  std?: number;
}

/** x (…, in) -> (…, out): x W + b. Parameters `${name}.weight` (in, out) and `${name}.bias`. */
export function linear(x: Tensor, name: string, out: number, options: LinearOptions = {}): Tensor {
  const width = nth(x.shape, x.shape.length - 1);
  const std = options.std ?? 1 / Math.sqrt(width);
  const weight = x.graph.parameter(
    `${name}.weight`,
    [width, out],
    std === 0 ? { kind: 'zeros' } : { kind: 'normal', std },
  );
  const y = matmul(x, weight);
  return options.bias === false ? y : add(y, x.graph.parameter(`${name}.bias`, [out], { kind: 'zeros' }));
}

/** A table of `count` vectors of `width`, starting small so that the first scores are near uniform. */
export function embeddingTable(
  graph: Graph,
  name: string,
  [count, width]: readonly [number, number],
  std = 0.02,
): Tensor {
  return graph.parameter(`${name}.weight`, [count, width], { kind: 'normal', std });
}
