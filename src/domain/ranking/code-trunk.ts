import { type Graph, type Tensor } from '../graph/graph.js';
import { embeddingTable } from '../graph/layers/linear.js';
import { add, mul } from '../graph/ops/elementwise.js';
import { gatherRows } from '../graph/ops/indexing.js';
import { contextualise, type RowShape, type TrunkConfig } from './trunk.js';

/**
 * The trunk read through codes: an item is the sum of the vectors of its digits, as its residual k-means vector is the sum of its
 * centroids. It knows no item numbers, so an item that came after training can be read and ranked at once.
 */
export function codeTrunkStates(
  graph: Graph,
  { config, radix }: { config: TrunkConfig; radix: readonly number[] },
  { rows, length }: RowShape,
  isTraining: boolean,
): Tensor {
  const parts = radix.map((codes, level) => {
    const table = embeddingTable(graph, `input.code${level}`, [codes, config.width]);
    return gatherRows(table, graph.input(`digit${level}`, [rows, length], 'i64'));
  });
  const embedded = parts.reduce((a, b) => add(a, b)); // (rows, length, width)
  return contextualise(graph, mul(embedded, Math.sqrt(config.width / parts.length)), { config, isTraining });
}
