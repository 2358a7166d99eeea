import { type Graph, type Tensor } from '../graph/graph.js';
import { embeddingTable, linear } from '../graph/layers/linear.js';
import { mlp } from '../graph/layers/mlp.js';
import { crossEntropyRows, linearCrossEntropyRows, weightedMean } from '../graph/ops/cross-entropy.js';
import { dropout } from '../graph/ops/dropout.js';
import { add, mul } from '../graph/ops/elementwise.js';
import { silu } from '../graph/ops/functions.js';
import { gatherRows } from '../graph/ops/indexing.js';
import { matmul } from '../graph/ops/matmul.js';
import { l2Normalise } from '../graph/ops/normalising.js';

export interface DecoderConfig {
  readonly width: number;
  /** Values of each digit. */
  readonly radix: readonly number[];
  readonly temperature: number;
  readonly dropout: number;
  /** Every position is predicted from the state alone, all at once (RPG), instead of digit after digit. */
  readonly isParallel?: boolean;
}

/**
 * The depth decoder: from the trunk's state, code after code. At level l a person's query q_l is met by the embeddings of the
 * codes, both changed by what was chosen before:
 *
 *   logit(c | person, prefix) = (q_l ⊙ (1 + scale_l(prefix)) + shift_l(prefix)) · ê_l(c),   q_l = unit(state + mlp_l(state)) / τ
 *
 * The prefix acts on the person only by a product per dimension, so (1 + scale) ⊙ ê and shift · ê belong to a node of the trie,
 * not to a person: the exact mode is one matrix product over nodes, and a beam step a few inner products. A decoder narrower than
 * the states reads them through one linear map.
 */
export function levelQuery(
  states: Tensor,
  level: number,
  config: DecoderConfig & { isTraining: boolean },
): Tensor {
  const rate = config.isTraining ? config.dropout : 0;
  const own = states.shape[1] === config.width ? states : linear(states, 'decoder.narrow', config.width);
  const moved = mlp(own, `decoder.query${level}`, { hidden: 2 * config.width, dropout: rate });
  return mul(l2Normalise(add(own, moved)), 1 / config.temperature); // (n, width)
}

/** Unit embeddings of a level's codes (radix, width). */
export function codeVectors(graph: Graph, level: number, { radix, width }: DecoderConfig): Tensor {
  return l2Normalise(embeddingTable(graph, `decoder.code${level}`, [radix[level] as number, width]));
}

/** What the digits chosen so far (one (n) tensor per level) do to the next level: scale and shift (n, width). */
export function prefixEffect(
  digits: readonly Tensor[],
  config: DecoderConfig,
  isTraining: boolean,
): { scale: Tensor; shift: Tensor } {
  const level = digits.length;
  const graph = (digits[0] as Tensor).graph;
  const parts = digits.map((digit, l) => {
    const table = embeddingTable(
      graph,
      `decoder.prefix${level}.${l}`,
      [config.radix[l] as number, config.width],
      0.3,
    );
    return gatherRows(table, digit);
  });
  const sum = dropout(
    parts.reduce((a, b) => add(a, b)),
    isTraining ? config.dropout : 0,
  );
  const hidden = silu(linear(sum, `decoder.prefix${level}.in`, 2 * config.width));
  return {
    scale: linear(hidden, `decoder.prefix${level}.scale`, config.width, { std: 0.02 }),
    shift: linear(hidden, `decoder.prefix${level}.shift`, config.width, { std: 0.02 }),
  };
}

/**
 * Σ over levels of -log p(digit | digits before it), among the children that exist in the trie (inputs `allowed1..`, 0 or a large
 * negative number): the model spends nothing on learning which codes there are, and its probabilities over the catalogue sum to 1.
 */
export function codeLoss(graph: Graph, states: Tensor, config: DecoderConfig): Tensor {
  if (config.isParallel === true) return parallelLoss(graph, states, config);
  const tokens = states.shape[0] as number;
  const weights = graph.input('weights', [tokens]);
  const digits = config.radix.map((_, l) => graph.input(`target${l}`, [tokens], 'i64'));
  const rows = digits.map((digit, level) => {
    const logits = forcedLogits(states, digits.slice(0, level), config); // (tokens, radix)
    const allowed = graph.input(`allowed${level}`, [tokens, config.radix[level] as number]);
    return crossEntropyRows(add(logits, allowed), digit);
  });
  return weightedMean(
    rows.reduce((a, b) => add(a, b)),
    weights,
  );
}

/** Logits of the next level where the digits before it (one (tokens) tensor per level) are given: (tokens, radix). */
export function forcedLogits(states: Tensor, before: readonly Tensor[], config: DecoderConfig): Tensor {
  const level = before.length;
  const query = conditioned(levelQuery(states, level, { ...config, isTraining: true }), before, config);
  return matmul(query, codeVectors(states.graph, level, config), { transB: true });
}

/** Σ over positions of -log p(code_l | person): independent heads on one state (RPG, Hou et al. 2025, eq. 4). */
function parallelLoss(graph: Graph, states: Tensor, config: DecoderConfig): Tensor {
  const tokens = states.shape[0] as number;
  const rows = config.radix.map((_, level) => {
    const query = levelQuery(states, level, { ...config, isTraining: true });
    const target = graph.input(`target${level}`, [tokens], 'i64');
    return linearCrossEntropyRows(query, codeVectors(graph, level, config), target);
  });
  return weightedMean(
    rows.reduce((a, b) => add(a, b)),
    graph.input('weights', [tokens]),
  );
}

function conditioned(query: Tensor, before: readonly Tensor[], config: DecoderConfig): Tensor {
  if (before.length === 0) return query;
  const { scale, shift } = prefixEffect(before, config, true);
  return add(mul(query, add(scale, 1)), shift);
}
