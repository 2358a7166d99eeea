import { type Node, type Tensor } from './graph.js';
import { type OpName } from './op-attrs.js';

/** The interpreter calculates in double precision, so that central differences are exact to about 1e-9. */
export type Numbers = Float64Array;

/** Forward by plain loops and backward as more graph, side by side: the first is what the second is checked against. */
export interface OpRule<N extends OpName> {
  evaluate(node: Node<N>, inputs: readonly Numbers[]): Numbers[];
  /** Gradients of the inputs from those of the outputs; `undefined` where nothing flows. Unused ones cost nothing. */
  backward(node: Node<N>, dOutputs: readonly (Tensor | undefined)[]): (Tensor | undefined)[];
}

export type OpRules<N extends OpName> = { readonly [K in N]: OpRule<K> };

/** A node's only inputs and outputs by position; a missing one is a bug in the op that made the node. */
export function nth<T>(list: readonly T[], i: number): T {
  const found = list[i];
  if (found === undefined) throw new Error(`nothing at position ${i} of ${list.length}`);
  return found;
}

export const at = (numbers: ArrayLike<number>, i: number): number => numbers[i] ?? NaN;
