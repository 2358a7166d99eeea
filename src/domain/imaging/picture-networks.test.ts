import type { Values } from '../graph/compute.js';
import { gradients } from '../graph/gradients.js';
import { Graph, type Tensor } from '../graph/graph.js';
import { initialValues } from '../graph/initial-values.js';
import { interpret } from '../graph/interpreter.js';
import { seededRandom } from '../random.js';
import { denoiserLoss, type DenoiserShape } from './denoiser.js';
import { sharpenerLoss } from './sharpener.js';

const SHAPE: DenoiserShape = {
  tokens: 4,
  k: 3,
  width: 8,
  layers: 2,
  heads: 2,
  dimensions: 4,
  bag: 3,
  units: 2,
  palette: 8,
};

/** One of each kind: what words, palette and time go through, the tokens, a block, the end. */
const DENOISER = [
  'words.text.weight',
  'words.palette.weight',
  'time.in.weight',
  'modulation.weight',
  'units.weight',
  'patches.weight',
  'block0.modulation',
  'block0.attention.q.gain',
  'block1.mlp.in.weight',
  'final.modulation.weight',
];

/** Every parameter and input by chance: layers that start as zeros would pass any test. */
function chance(graph: Graph): Values {
  const random = seededRandom('networks');
  const near = (values: ArrayLike<number>) =>
    Float64Array.from(values, (value) => value + 0.1 * random.normal());
  const parameters = Object.entries(initialValues(graph, 3)).map(([name, values]) => [name, near(values)]);
  const inputs = [...graph.inputs.values()].map(({ name, shape }) => {
    const length = shape.reduce((product, size) => product * size, 1);
    return [name, Float64Array.from({ length }, () => random.next())];
  });
  return Object.fromEntries([...parameters, ...inputs]) as Values;
}

/** Largest difference of the gradient from central differences at one value of each named parameter, in parts of the largest slope. */
function gradientError(graph: Graph, loss: Tensor, names: readonly string[]): number {
  const feeds = chance(graph);
  const random = seededRandom('places');
  const own = gradients(
    graph,
    loss,
    names.map((name) => graph.parameters.get(name)?.tensor as Tensor),
  );
  const analytic = interpret(graph, own, feeds);
  const lossWith = (name: string, at: number, offset: number) => {
    const moved = Float64Array.from(feeds[name] ?? []);
    moved[at] = (moved[at] ?? NaN) + offset;
    return interpret(graph, [loss], { ...feeds, [name]: moved })[0]?.[0] ?? NaN;
  };
  const found = names.map((name, i) => {
    const at = random.int(analytic[i]?.length ?? 1);
    const slope = (lossWith(name, at, 1e-5) - lossWith(name, at, -1e-5)) / 2e-5;
    return { slope, away: Math.abs(slope - (analytic[i]?.[at] ?? NaN)) };
  });
  const largest = Math.max(...found.map(({ slope }) => Math.abs(slope)));
  return Math.max(...found.map(({ away }) => away)) / largest;
}

test('the denoiser’s gradient agrees with central differences, through words, palette, time and modulation', () => {
  const graph = new Graph();
  expect(gradientError(graph, denoiserLoss(graph, 1, SHAPE), DENOISER)).toBeLessThan(1e-5);
});

test('the sharpener’s gradient agrees with central differences', () => {
  const graph = new Graph();
  expect(
    gradientError(graph, sharpenerLoss(graph, 1, 1), [
      'in.kernel',
      'block0.in.kernel',
      'block5.out.bias',
      'out.kernel',
    ]),
  ).toBeLessThan(1e-5);
});

test('the networks have the sizes of their model card', () => {
  const weights = (build: (graph: Graph) => void) => {
    const graph = new Graph();
    build(graph);
    const sizes = [...graph.parameters.values()].map(({ tensor }) => tensor.shape);
    return sizes.reduce((sum, shape) => sum + shape.reduce((product, size) => product * size, 1), 0);
  };
  const real = {
    tokens: 256,
    k: 48,
    width: 384,
    layers: 8,
    heads: 6,
    dimensions: 512,
    bag: 1602,
    units: 8,
    palette: 64,
  };
  expect(weights((graph) => void denoiserLoss(graph, 1, real))).toBe(17_235_376);
});
