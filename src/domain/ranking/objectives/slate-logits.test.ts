import { Graph } from '../../graph/graph.js';
import { initialValues } from '../../graph/initial-values.js';
import { interpret } from '../../graph/interpreter.js';
import { l2Normalise } from '../../graph/ops/normalising.js';
import { catalogueScores } from '../catalogue-scores.js';
import { itemTable, type TrunkConfig } from '../trunk.js';
import { slateLogits } from './slate-logits.js';

const plain: TrunkConfig = {
  ...{ itemCount: 5, width: 4, blocks: 1, heads: 1, block: 'transformer', history: 3, dropout: 0 },
  temperature: 0.1,
};

test.each([1, 3])(
  'logits of a slate are the scores that serving gives its items, with %i interests',
  (interests) => {
    const config = { ...plain, interests };
    const graph = new Graph();
    const states = graph.constant(
      Float32Array.from({ length: 12 }, (_, i) => Math.cos(i)),
      [3, 4],
    );
    const logits = slateLogits(graph, states, { config, most: 2, size: 3 });
    const scores = catalogueScores(states, l2Normalise(itemTable(graph, config)), config);
    const slates = [4, 0, 2, 1, 1, 3];
    const feeds = {
      ...initialValues(graph, 1),
      ends: Int32Array.of(2, 0),
      slates: Int32Array.from(slates),
    };
    const [own = [], all = []] = interpret(graph, [logits, scores], feeds);
    const rows = [2, 2, 2, 0, 0, 0];
    slates.forEach((item, i) => expect(own[i]).toBeCloseTo(all[(rows[i] ?? 0) * 5 + item] ?? NaN, 5));
  },
);
