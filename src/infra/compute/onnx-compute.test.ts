import { type Values } from '../../domain/graph/compute.js';
import { type Graph, Graph as TensorGraph } from '../../domain/graph/graph.js';
import { initialValues } from '../../domain/graph/initial-values.js';
import { interpreted } from '../../domain/graph/interpreter.js';
import { mlp } from '../../domain/graph/layers/mlp.js';
import { cast, greater } from '../../domain/graph/ops/elementwise.js';
import { gatherRows, scatterRowsAdd } from '../../domain/graph/ops/indexing.js';
import { softmax } from '../../domain/graph/ops/normalising.js';
import { reduceSum } from '../../domain/graph/ops/reducing.js';
import { onnxCompute } from './onnx-compute.js';

const compute = onnxCompute({ threads: 2 });

function classifier(): Graph {
  const g = new TensorGraph();
  const table = g.parameter('table', [7, 4], { kind: 'normal', std: 1 });
  const scores = g.output(
    'scores',
    softmax(mlp(gatherRows(table, g.input('ids', [3], 'i64')), 'mlp', { hidden: 8 })),
  );
  g.output('is sure', greater(scores, 0.5));
  g.output('count', cast(reduceSum(cast(greater(scores, 0.1), 'f32')), 'i64'));
  return g;
}

test('an exported model answers as its graph does, and needs only the inputs', async () => {
  const g = classifier();
  const weights = initialValues(g, 3);
  const model = await compute.loadOnnx(compute.exportOnnx(g, weights));
  expect(model.inputs).toEqual([{ name: 'ids', dtype: 'i64', shape: [3] }]);
  const ids = Int32Array.of(6, 0, 2);
  const [got, want] = [await model.run({ ids }), await interpreted(g).run({ ...weights, ids })];
  await model.dispose();
  for (const name of ['scores', 'is sure', 'count']) {
    expect(got[name]).toHaveLength(want[name]?.length ?? NaN);
    want[name]?.forEach((value, i) => expect(got[name]?.[i]).toBeCloseTo(value, 5));
  }
});

test('what is compiled in need not be fed, and the answer is the same', async () => {
  const g = classifier();
  const { table, ...others } = initialValues(g, 3);
  const constants = { table: table ?? new Float32Array() };
  const feeds = { ...others, ids: Int32Array.of(1, 2, 3) };
  const executables = [await compute.compile(g, { constants }), interpreted(g, { constants })];
  const [want, ...got] = await Promise.all([
    interpreted(g).run({ ...feeds, ...constants }),
    ...executables.map((one) => one.run(feeds)),
  ]);
  executables.forEach(({ inputs }) => expect(inputs.map(({ name }) => name)).not.toContain('table'));
  for (const values of got)
    want['scores']?.forEach((value, i) => expect(values['scores']?.[i]).toBeCloseTo(value, 5));
  await Promise.all(executables.map((one) => one.dispose()));
});

test('results are written into the buffers that the caller gives', async () => {
  const g = classifier();
  const executable = await compute.compile(g, { outputs: ['scores'] });
  const into: Values = { scores: new Float32Array(12) };
  const results = await executable.run({ ...initialValues(g, 3), ids: Int32Array.of(1, 2, 3) }, into);
  await executable.dispose();
  expect(results['scores']).toBe(into['scores']);
  expect(Array.from(into['scores'] ?? []).reduce((sum, v) => sum + v, 0)).toBeCloseTo(3, 5);
});

test('a run without one of its inputs says which', async () => {
  const executable = await compute.compile(classifier(), { outputs: ['scores'] });
  await expect(executable.run({ ids: Int32Array.of(1, 2, 3) })).rejects.toThrow(/table was not fed/);
  await executable.dispose();
});

// A reduction over threads that race would lose additions here. Many narrow rows onto 2, and few wide ones that need more pieces.
test.each([
  { rows: 40_000, width: 16 },
  { rows: 1001, width: 1024 },
])('no addition of $rows rows of $width is lost by several threads', async ({ rows, width }) => {
  const g = new TensorGraph();
  const indices = g.input('indices', [rows], 'i64');
  const updates = g.input('updates', [rows, width]);
  g.output('sum', scatterRowsAdd(g.input('into', [2, width]), indices, updates));
  const executable = await compute.compile(g, { threads: 4 });
  const feeds = {
    into: new Float32Array(2 * width),
    indices: Int32Array.from({ length: rows }, (_, i) => i % 2),
    updates: new Float32Array(rows * width).fill(1),
  };
  for (let run = 0; run < 5; run += 1) {
    const { sum } = await executable.run(feeds);
    expect(new Set(sum?.slice(0, width))).toEqual(new Set([Math.ceil(rows / 2)]));
    expect(new Set(sum?.slice(width))).toEqual(new Set([Math.floor(rows / 2)]));
  }
  await executable.dispose();
});
