import { type Graph, type Tensor } from '../graph/graph.js';
import { linearCrossEntropy, softmaxCrossEntropy } from '../graph/ops/cross-entropy.js';
import { add, mul } from '../graph/ops/elementwise.js';
import { gatherRows } from '../graph/ops/indexing.js';
import { l2Normalise } from '../graph/ops/normalising.js';
import { concat, expand, reshape } from '../graph/ops/shaping.js';
import { catalogueScores } from './catalogue-scores.js';
import { itemTable, type TrunkConfig } from './trunk.js';

/**
 * Softmax loss over cosines / temperature: -log softmax(ŝ · Ê / τ)[next item], over the whole catalogue, or over `candidates` items
 * with the logQ correction (Bengio & Senécal 2008), which puts the sampled softmax's optimum where the full one's is. With several
 * interests the scores are their maxima, as in serving, at the price of a matrix of scores for each.
 */
export function nextItemLoss(
  graph: Graph,
  states: Tensor,
  { config, candidates }: { config: TrunkConfig; candidates: number },
): Tensor {
  const tokens = states.shape[0] as number;
  const targets = graph.input('targets', [tokens], 'i64');
  const weights = graph.input('weights', [tokens]);
  if ((config.interests ?? 1) > 1) {
    const scores = interestScores(graph, states, { config, candidates });
    return softmaxCrossEntropy(scores, targets, weights);
  }
  const hidden = mul(l2Normalise(states), 1 / config.temperature); // (tokens, width)
  const table = itemTable(graph, config);
  if (candidates === 0) return linearCrossEntropy(hidden, l2Normalise(table), targets, weights);
  const chosen = gatherRows(table, graph.input('candidates', [candidates], 'i64'));
  const correction = graph.input('correction', [candidates, 1]); // -log Q
  const one = expand(graph.scalar(1), [tokens, 1]);
  return linearCrossEntropy(
    concat([hidden, one], 1),
    concat([l2Normalise(chosen), correction], 1),
    targets,
    weights,
  );
}

function interestScores(
  graph: Graph,
  states: Tensor,
  { config, candidates }: { config: TrunkConfig; candidates: number },
): Tensor {
  const table = itemTable(graph, config);
  if (candidates === 0) return catalogueScores(states, l2Normalise(table), config);
  const chosen = gatherRows(table, graph.input('candidates', [candidates], 'i64'));
  const correction = graph.input('correction', [candidates, 1]); // -log Q
  return add(catalogueScores(states, l2Normalise(chosen), config), reshape(correction, [1, candidates]));
}
