import { onnxCompute } from '../../infra/compute/onnx-compute.js';
import { Graph } from '../graph/graph.js';
import { mul } from '../graph/ops/elementwise.js';
import { rowRunner } from './row-runner.js';

const double = (rows: number) => {
  const graph = new Graph();
  graph.output('out', mul(graph.input('x', [rows, 2]), 2));
  return graph;
};

test('a question that comes while the graphs are closed is answered, and closing twice is no failure', async () => {
  const runner = rowRunner(onnxCompute({ threads: 1 }), double);
  const ask = () => runner.run(1, { x: Float32Array.of(1, 2) }, {});
  await ask();
  const closing = runner.dispose();
  const late = await ask();
  await Promise.all([closing, runner.dispose(), runner.dispose()]);
  expect(Array.from(late)).toEqual([2, 4]);
});
