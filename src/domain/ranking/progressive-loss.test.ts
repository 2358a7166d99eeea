import { gradCase, gradientError } from '../../../test/support/grad-check.js';
import { Graph, type Tensor } from '../graph/graph.js';
import { interpret } from '../graph/interpreter.js';
import { progressiveLoss } from './progressive-loss.js';
import type { TrunkConfig } from './trunk.js';

const config: TrunkConfig = {
  ...{ itemCount: 2, width: 2, blocks: 1, heads: 1, block: 'gated', history: 2, dropout: 0 },
  temperature: 0.5,
};
/** Two items at a right angle; the first is what came next. */
const feeds = {
  'items.weight': Float32Array.of(1, 0, 0, 1),
  targets: Int32Array.of(0),
  weights: Float32Array.of(1),
};
const lossOf = (...states: [number, number][]): number => {
  const graph = new Graph();
  const tensors = states.map((state) => graph.constant(Float32Array.from(state), [1, 2]));
  const [[loss = NaN] = []] = interpret(
    graph,
    [progressiveLoss(graph, tensors, { config, candidates: 0 })],
    feeds,
  );
  return loss;
};
/** -log softmax of cosine 1 against 0 at the temperature. */
const sure = (temperature: number) => Math.log(1 + Math.exp(-1 / temperature));

test('by hand: one state at the temperature, each earlier one at 1.5 times the next', () => {
  expect(lossOf([3, 0])).toBeCloseTo(sure(0.5), 5);
  expect(lossOf([1, 0], [2, 0], [3, 0])).toBeCloseTo((sure(0.5) + sure(0.75) + sure(1.125)) / 3, 5);
});

test('an error costs less in an earlier state than in the answer', () => {
  expect(lossOf([0, 1], [1, 0])).toBeLessThan(lossOf([1, 0], [0, 1]));
});

test('gradients of all states agree with central differences', () => {
  const state = (graph: Graph, name: string): Tensor =>
    graph.parameter(name, [3, 2], { kind: 'normal', std: 1 });
  const own = gradCase(
    (graph) =>
      progressiveLoss(graph, [state(graph, 'first'), state(graph, 'answer')], { config, candidates: 0 }),
    { targets: Int32Array.of(0, 1, 1), weights: Float32Array.of(1, 0, 2) },
  );
  expect(gradientError(own)).toBeLessThan(1e-4);
});
