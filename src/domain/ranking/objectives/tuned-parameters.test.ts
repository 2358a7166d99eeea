import { gradCase, gradientError } from '../../../../test/support/grad-check.js';
import { Graph } from '../../graph/graph.js';
import { initialValues } from '../../graph/initial-values.js';
import { interpret } from '../../graph/interpreter.js';
import { linear } from '../../graph/layers/linear.js';
import { seededRandom } from '../../random.js';
import { adapterBases, addAdapters, foldAdapters, RANK, tunedParameters } from './tuned-parameters.js';

const NAME = 'block0.mlp.weight';
function adapted(graph: Graph) {
  const x = graph.constant(
    Float32Array.from({ length: 12 }, (_, i) => Math.sin(i)),
    [2, 6],
  );
  const y = linear(x, 'block0.mlp', 5);
  addAdapters(graph);
  return y;
}

test('the gradient flows through the adapters of a matrix, as central differences say', () => {
  const built = gradCase((graph) => {
    const y = adapted(graph);
    graph.parameters.delete(NAME); // it is no source any more
    return y;
  });
  expect([...built.gradients.keys()].sort()).toEqual(
    ['block0.mlp.bias', `${NAME}.base`, `${NAME}.down`, `${NAME}.up`].sort(),
  );
  const random = seededRandom('up');
  const up = Float32Array.from({ length: RANK * 5 }, () => random.normal()); // at 0 nothing would reach `down`
  expect(gradientError({ ...built, feeds: { ...built.feeds, [`${NAME}.up`]: up } })).toBeLessThan(1e-4);
});

test('folded weights answer as the adapters do, and nothing of the adapters is left', () => {
  const graph = new Graph();
  const y = adapted(graph);
  const random = seededRandom('values');
  const start = initialValues(graph, 1);
  const drawn = Object.entries(start).map(([name, values]) => [
    name,
    Float32Array.from(values, () => random.normal()),
  ]);
  const weights = Object.fromEntries(drawn) as Record<string, Float32Array>;
  const [withAdapters = []] = interpret(graph, [y], weights);
  const folded = foldAdapters(weights);
  expect(Object.keys(folded).sort()).toEqual(['block0.mlp.bias', NAME]);
  const plain = new Graph();
  const x = plain.constant(
    Float32Array.from({ length: 12 }, (_, i) => Math.sin(i)),
    [2, 6],
  );
  const [withoutAdapters = []] = interpret(plain, [linear(x, 'block0.mlp', 5)], folded);
  withAdapters.forEach((value, i) => expect(withoutAdapters[i]).toBeCloseTo(value, 4));
  expect(Object.keys(adapterBases(folded))).toEqual([`${NAME}.base`]);
});

test('a small extent moves vectors and the last block, never a table', () => {
  const small = tunedParameters('small', 2);
  const names = [
    'items.weight',
    'positions.weight',
    'block0.mlp.weight',
    'block0.norm1.gain',
    'block1.mlp.weight',
    'final.shift',
  ];
  expect(names.filter(small)).toEqual(['block0.norm1.gain', 'block1.mlp.weight', 'final.shift']);
});
