import type { Graph, Tensor } from '../../graph/graph.js';
import { mul } from '../../graph/ops/elementwise.js';
import { gatherElements, gatherRows } from '../../graph/ops/indexing.js';
import { matmul } from '../../graph/ops/matmul.js';
import { l2Normalise } from '../../graph/ops/normalising.js';
import { reshape } from '../../graph/ops/shaping.js';
import { catalogueScores } from '../catalogue-scores.js';
import { itemTable, type TrunkConfig } from '../trunk.js';

/** Slates of a batch: so many histories, each with so many items. */
export interface SlateShape {
  readonly most: number;
  readonly size: number;
}

/**
 * ŝ · ê / τ of each slate's items at the token where its history ends: inputs `ends` (most), `slates` (most, size) -> (most, size).
 * With several interests the whole catalogue is scored, as each item may have another nearest. Losses that compare items of one history need no more: the softmax's normaliser is the same for all of them and cancels.
 */
export function slateLogits(
  graph: Graph,
  states: Tensor,
  { config, most, size }: SlateShape & { readonly config: TrunkConfig },
): Tensor {
  const ends = graph.input('ends', [most], 'i64');
  const slates = graph.input('slates', [most, size], 'i64');
  const ended = gatherRows(states, ends);
  if ((config.interests ?? 1) > 1)
    return gatherElements(catalogueScores(ended, l2Normalise(itemTable(graph, config)), config), slates);
  const hidden = mul(l2Normalise(ended), 1 / config.temperature); // (most, width)
  const items = l2Normalise(gatherRows(itemTable(graph, config), slates)); // (most, size, width)
  return reshape(matmul(items, reshape(hidden, [most, config.width, 1])), [most, size]);
}
