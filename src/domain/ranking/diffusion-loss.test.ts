import { gradCase, gradientError } from '../../../test/support/grad-check.js';
import { Graph, type Tensor } from '../graph/graph.js';
import { interpret } from '../graph/interpreter.js';
import { cosineErrors, preferenceLoss, squaredErrors } from './diffusion-loss.js';
import { itemDenoiser, toldOrNothing } from './item-denoiser.js';

const evaluated = (build: (graph: Graph) => Tensor): number[] => {
  const graph = new Graph();
  const [found = []] = interpret(graph, [build(graph)], {});
  return [...found];
};
const rows = (graph: Graph, ...values: number[]) =>
  graph.constant(Float32Array.from(values), [values.length / 2, 2]);

test('errors by hand: (3² + 1²) / 2, and 1 − cos of a right angle and of the same direction', () => {
  expect(evaluated((g) => squaredErrors(rows(g, 0, 0), rows(g, 3, 1)))).toEqual([5]);
  const [right, same] = evaluated((g) => cosineErrors(rows(g, 1, 0, 1, 1), rows(g, 0, 2, 3, 3)));
  expect(right).toBeCloseTo(1, 6);
  expect(same).toBeCloseTo(0, 6);
});

test('the preference is ln 2 for equal errors, and falls as the target gets easier than what was not wanted', () => {
  const loss = (wanted: number, unwanted: number) =>
    evaluated((g) => {
      const one = (value: number) => g.constant(Float32Array.of(value));
      return preferenceLoss({ wanted: one(wanted), unwanted: one(unwanted) }, one(1));
    })[0] ?? NaN;
  expect(loss(0.5, 0.5)).toBeCloseTo(0.4 * 0.5 + 0.6 * Math.LN2, 5);
  expect(loss(0.5, 1)).toBeCloseTo(0.4 * 0.5 + 0.6 * Math.log(1 + Math.exp(-4)), 5);
});

const inputs = (graph: Graph) => ({
  x: rows(graph, 0.5, -1, 1.5, 0.2),
  time: graph.constant(Float32Array.of(10, 700)),
  condition: toldOrNothing(graph, rows(graph, 1, 2, -1, 0.5), graph.constant(Float32Array.of(1, 0), [2, 1])),
});

test('before it has learned anything the denoiser answers with what it was told, or nothing', () => {
  const { graph, feeds } = gradCase((g) => itemDenoiser(inputs(g)));
  const y = graph.outputs.get('y');
  if (y === undefined) throw new Error('no y');
  const [found = []] = interpret(graph, [y], feeds);
  expect([...found]).toEqual([1, 2, 0, 0]);
});

test('the gradients of denoiser and both losses agree with central differences', () => {
  const random = (g: Graph) => itemDenoiser(inputs(g));
  const cases = [
    (g: Graph) => squaredErrors(rows(g, 1, -1, 0.5, 2), random(g)),
    (g: Graph) => {
      const wanted = cosineErrors(rows(g, 1, -1, 0.5, 2), random(g));
      const unwanted = cosineErrors(rows(g, -1, 0.3, 1, 1), random(g));
      return preferenceLoss({ wanted, unwanted }, g.constant(Float32Array.of(1, 1)));
    },
  ];
  for (const build of cases) {
    const { feeds, ...rest } = gradCase(build);
    // the last layer starts at zero, which would hide the gradients of all others
    const started = Object.entries(feeds).map(([name, data]) => {
      const isZero = data.every((value) => value === 0);
      return [name, isZero ? data.map((_, i) => 0.1 * Math.sin(i + 1)) : data] as const;
    });
    expect(gradientError({ ...rest, feeds: Object.fromEntries(started) })).toBeLessThan(1e-4);
  }
});
