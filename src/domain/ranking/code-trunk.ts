import { type Graph, type Tensor } from '../graph/graph.js';
import { embeddingTable } from '../graph/layers/linear.js';
import { add, mul } from '../graph/ops/elementwise.js';
import { gatherRows } from '../graph/ops/indexing.js';
import {
  contextualise,
  type EndShape,
  itemTable,
  type RowShape,
  statesAtEnds,
  type TrunkConfig,
} from './trunk.js';

export interface CodeTrunk {
  readonly config: TrunkConfig;
  readonly radix: readonly number[];
}

/**
 * The trunk under the codes: a token is its item's vector plus the vectors of its digits, as its residual k-means vector is the
 * sum of its centroids. Weights have the item trunk's names, so it can start from a trained one; the digits' share starts small.
 */
export function codeTrunkStates(
  graph: Graph,
  model: CodeTrunk,
  shape: RowShape,
  isTraining: boolean,
): Tensor {
  return contextualise(graph, embeddedCodes(graph, model, shape), { config: model.config, isTraining });
}

/** The states at the tokens of the input `ends` (most) alone: (most, width). */
export function codeEndStates(graph: Graph, model: CodeTrunk, shape: EndShape): Tensor {
  return statesAtEnds(graph, embeddedCodes(graph, model, shape), { config: model.config, shape });
}

function embeddedCodes(graph: Graph, { config, radix }: CodeTrunk, { rows, length }: RowShape): Tensor {
  const items = graph.input('items', [rows, length], 'i64');
  const digits = radix.map((codes, level) => {
    const table = embeddingTable(graph, `input.code${level}`, [codes, config.width], 0.005);
    return gatherRows(table, graph.input(`digit${level}`, [rows, length], 'i64'));
  });
  const embedded = digits.reduce((a, b) => add(a, b), gatherRows(itemTable(graph, config), items));
  return mul(embedded, Math.sqrt(config.width));
}
