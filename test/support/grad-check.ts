import { type Compute, type Values } from '../../src/domain/graph/compute.js';
import { gradients } from '../../src/domain/graph/gradients.js';
import { Graph, type Tensor } from '../../src/domain/graph/graph.js';
import { initialValues } from '../../src/domain/graph/initial-values.js';
import { interpret } from '../../src/domain/graph/interpreter.js';
import { mul } from '../../src/domain/graph/ops/elementwise.js';
import { reduceSum } from '../../src/domain/graph/ops/reducing.js';
import { sizeOf } from '../../src/domain/graph/shape.js';
import { seededRandom } from '../../src/domain/random.js';

/** One graph under test: a scalar that depends on every element of `y`, and its gradient for every parameter. */
export interface GradCase {
  graph: Graph;
  loss: Tensor;
  gradients: Map<string, Tensor>;
  feeds: Values;
}

/** Builds `y` from parameters, weighs its elements with fixed random numbers, and differentiates the sum. */
export function gradCase(build: (graph: Graph) => Tensor, inputs: Values = {}): GradCase {
  const graph = new Graph();
  const y = build(graph);
  const random = seededRandom('weights of the outputs');
  const weights = Float32Array.from({ length: sizeOf(y.shape) }, () => random.next() * 2 - 1);
  const loss = reduceSum(mul(y, graph.constant(weights, y.shape)));
  const names = [...graph.parameters.keys()];
  const tensors = [...graph.parameters.values()].map(({ tensor }) => tensor);
  const results = gradients(graph, loss, tensors);
  graph.output('y', y);
  graph.output('loss', loss);
  results.forEach((tensor, i) => graph.output(`gradient of ${names[i] ?? ''}`, tensor));
  const pairs = results.map((tensor, i) => [names[i] ?? '', tensor] as const);
  return { graph, loss, gradients: new Map(pairs), feeds: { ...initialValues(graph, 7), ...inputs } };
}

/** Largest difference between the graph's own gradient and (f(x + h) - f(x - h)) / 2h, relative to the largest slope. */
export function gradientError({ graph, loss, gradients: own, feeds }: GradCase, h = 1e-5): number {
  let worst = 0;
  for (const [name, tensor] of own) {
    const [analytic = new Float64Array()] = interpret(graph, [tensor], feeds);
    const numeric = analytic.map((_, i) => slope(i, name, h));
    const scale = Math.max(1e-3, ...numeric.map(Math.abs));
    analytic.forEach((value, i) => (worst = Math.max(worst, Math.abs(value - (numeric[i] ?? NaN)) / scale)));
    if (analytic.some(Number.isNaN)) return NaN;
  }
  return worst;

  function slope(i: number, name: string, step: number): number {
    const lossAt = (offset: number) => {
      const moved = Float64Array.from(feeds[name] ?? []);
      moved[i] = (moved[i] ?? NaN) + offset;
      return interpret(graph, [loss], { ...feeds, [name]: moved })[0]?.[0] ?? NaN;
    };
    return (lossAt(step) - lossAt(-step)) / (2 * step);
  }
}

/** Largest difference between the interpreter and `compute` over all outputs, relative to each output's largest value. */
export async function computeError(compute: Compute, { graph, feeds }: GradCase): Promise<number> {
  const executable = await compute.compile(graph, { threads: 1 });
  const results = await executable.run(feeds);
  await executable.dispose();
  const expected = interpret(graph, [...graph.outputs.values()], feeds);
  const errors = [...graph.outputs.keys()].map((name, k) => {
    const [got, want] = [results[name] ?? [], expected[k] ?? []];
    if (got.length !== want.length) return NaN;
    const scale = Math.max(1e-3, ...Array.from(want, Math.abs));
    return Math.max(0, ...Array.from(want, (value, i) => Math.abs(value - (got[i] ?? NaN)) / scale));
  });
  return errors.some(Number.isNaN) ? NaN : Math.max(...errors);
}
