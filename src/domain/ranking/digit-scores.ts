import type { Compute, Executable, Values } from '../graph/compute.js';
import type { Graph, Tensor } from '../graph/graph.js';
import { add, mul, sub } from '../graph/ops/elementwise.js';
import { exp } from '../graph/ops/functions.js';
import { matmul } from '../graph/ops/matmul.js';
import { reduceMax } from '../graph/ops/reducing.js';
import { codeVectors, type DecoderConfig, prefixEffect } from './depth-decoder.js';

/**
 * What may come after prefixes that are known only now: a query (1, width) and the digits so far, one (rows) tensor per level, ->
 * logits and their exponentials (rows, radix), the best of each row at 0.
 */
export function digitScores(
  query: Tensor,
  digits: readonly Tensor[],
  decoder: DecoderConfig,
): { logits: Tensor; exps: Tensor } {
  const codes = codeVectors(query.graph, digits.length, decoder);
  const raw = matmul(conditioned(query, digits, decoder), codes, { transB: true });
  const logits = sub(raw, reduceMax(raw, { axes: [1], keepDims: true }));
  return { logits, exps: exp(logits) };
}

function conditioned(query: Tensor, digits: readonly Tensor[], decoder: DecoderConfig): Tensor {
  if (digits.length === 0) return query;
  const { scale, shift } = prefixEffect(digits, decoder, false);
  return add(mul(query, add(scale, 1)), shift); // (rows, width)
}

/** With its weights compiled in, the runtime normalises the code vectors once instead of at every step. */
export function compileWithWeights(
  compute: Pick<Compute, 'compile'>,
  graph: Graph,
  weights: Values,
): Promise<Executable> {
  const names = [...graph.parameters.keys()];
  const constants = Object.fromEntries(names.map((name) => [name, weights[name] as Float32Array]));
  return compute.compile(graph, { constants });
}
