import { gradCase, gradientError } from '../../../../test/support/grad-check.js';
import { Graph, type Tensor } from '../../graph/graph.js';
import { interpret } from '../../graph/interpreter.js';
import { softmax } from '../../graph/ops/normalising.js';
import { seededRandom } from '../../random.js';
import { contrastiveLoss } from './contrastive-loss.js';
import { policyGradientLoss } from './policy-gradient-loss.js';
import {
  marginAccuracy,
  pairLoss,
  preferenceMargins,
  type PreferenceTensors,
  softmaxPreferenceLoss,
} from './preference-loss.js';

const draws = (length: number, seed: string) => {
  const random = seededRandom(seed);
  return Float32Array.from({ length }, () => random.normal());
};
const parameter = (graph: Graph, name: string, shape: readonly number[]) =>
  graph.parameter(name, shape, { kind: 'normal', std: 1 });
const valueOf = (build: (graph: Graph) => Tensor) => {
  const graph = new Graph();
  return interpret(graph, [build(graph)], {})[0]?.[0] ?? NaN;
};
const constant = (graph: Graph, rows: number[][]) =>
  graph.constant(Float32Array.from(rows.flat()), [rows.length, rows[0]?.length ?? 0]);

/** Two slates of one chosen and two rejected items; the second has one rejected item only. */
const given = (graph: Graph): PreferenceTensors => ({
  logits: constant(graph, [
    [2, 1, 0.5],
    [0, 1, 9],
  ]),
  reference: constant(graph, [
    [1, 1, 1],
    [0, 0, 0],
  ]),
  present: constant(graph, [
    [1, 1],
    [1, 0],
  ]),
});
const sigma = (x: number) => 1 / (1 + Math.exp(-x));
/** By hand, with beta 0.5: 0.5 ((2 - 1) - (1 - 1)), 0.5 ((2 - 1) - (0.5 - 1)), 0.5 (0 - 1). */
const MARGINS = [0.5, 0.75, -0.5];

test('pair loss is the mean of -log sigma(margin) over the rejected items that are there', () => {
  const expected = MARGINS.reduce((sum, m) => sum - Math.log(sigma(m)), 0) / 3;
  expect(valueOf((g) => pairLoss(given(g), { beta: 0.5, smoothing: 0 }))).toBeCloseTo(expected, 6);
  const smoothed =
    MARGINS.reduce((sum, m) => sum - 0.8 * Math.log(sigma(m)) - 0.2 * Math.log(sigma(-m)), 0) / 3;
  expect(valueOf((g) => pairLoss(given(g), { beta: 0.5, smoothing: 0.2 }))).toBeCloseTo(smoothed, 6);
  expect(valueOf((g) => marginAccuracy(given(g)))).toBeCloseTo(2 / 3, 6);
});

test('softmax loss sets all rejected items of a slate against the chosen one, and is the pair loss for one', () => {
  const [a, b, c] = MARGINS as [number, number, number];
  const first = -Math.log(sigma(-Math.log(Math.exp(-a) + Math.exp(-b))));
  const expected = (first - Math.log(sigma(c))) / 2;
  expect(valueOf((g) => softmaxPreferenceLoss(given(g), 0.5))).toBeCloseTo(expected, 6);
});

test('a smoothed label pulls no further than the margin log((1 - e) / e)', () => {
  const slope = (margin: number) => {
    const at = (m: number) =>
      valueOf((g) =>
        pairLoss(
          {
            logits: constant(g, [[m, 0]]),
            reference: constant(g, [[0, 0]]),
            present: constant(g, [[1]]),
          },
          { beta: 1, smoothing: 0.2 },
        ),
      );
    return (at(margin + 1e-3) - at(margin - 1e-3)) / 2e-3;
  };
  expect(slope(Math.log(4))).toBeCloseTo(0, 5);
  expect(slope(1)).toBeLessThan(-0.05);
  expect(slope(2)).toBeGreaterThan(0.05);
});

test.each<[string, (tensors: PreferenceTensors) => Tensor]>([
  ['pair', (t) => pairLoss(t, { beta: 0.7, smoothing: 0.1 })],
  ['softmax', (t) => softmaxPreferenceLoss(t, 0.7)],
  ['margins', (t) => preferenceMargins(t, 0.7)],
])('the %s loss has the gradient of central differences', (_, loss) => {
  const built = gradCase((graph) =>
    loss({
      logits: parameter(graph, 'logits', [3, 4]),
      reference: graph.constant(draws(12, 'reference'), [3, 4]),
      present: graph.constant(Float32Array.of(1, 1, 1, 1, 0, 0, 0, 0, 0), [3, 3]),
    }),
  );
  expect(gradientError(built)).toBeLessThan(1e-4);
});

const views = (graph: Graph, opposites: Tensor) => ({
  a: parameter(graph, 'a', [3, 4]),
  b: parameter(graph, 'b', [3, 4]),
  opposites,
  weights: graph.constant(Float32Array.of(1, 1, 0)),
});
const allFair = (graph: Graph) => graph.constant(new Float32Array(9), [3, 3]);

test('InfoNCE has the gradient of central differences', () => {
  expect(gradientError(gradCase((g) => contrastiveLoss(views(g, allFair(g)), 0.5)))).toBeLessThan(1e-4);
});

test('InfoNCE of equal and orthogonal views is ln(1 + e^(-1 / t)), and an excluded opposite costs nothing', () => {
  const loss = (graph: Graph, opposites: number[]) => {
    const unit = constant(graph, [
      [1, 0],
      [0, 2],
    ]);
    const weights = graph.constant(Float32Array.of(1, 1));
    return contrastiveLoss(
      { a: unit, b: unit, opposites: constant(graph, [opposites.slice(0, 2), opposites.slice(2)]), weights },
      0.5,
    );
  };
  expect(valueOf((g) => loss(g, [0, 0, 0, 0]))).toBeCloseTo(Math.log1p(Math.exp(-2)), 5);
  expect(valueOf((g) => loss(g, [0, -1e9, -1e9, 0]))).toBeCloseTo(0, 6);
});

const REWARDS = [1, -1, 0.5, 2, 0, 0];
const policy = (graph: Graph, logits: Tensor) =>
  policyGradientLoss(
    {
      logits,
      reference: graph.constant(draws(6, 'reference'), [2, 3]),
      rewards: graph.constant(Float32Array.from(REWARDS), [2, 3]),
      weights: graph.constant(Float32Array.of(1, 1)),
    },
    0.3,
  );

test('the policy loss has the gradient of central differences', () => {
  const built = gradCase((graph) => policy(graph, parameter(graph, 'logits', [2, 3])).loss);
  expect(gradientError(built)).toBeLessThan(1e-4);
});

test('without the penalty its gradient is what REINFORCE with a baseline has in the mean', () => {
  const logits = draws(3, 'logits');
  const build = (graph: Graph) => {
    const z = graph.parameter('logits', [1, 3], { kind: 'values', values: logits });
    const row = {
      reference: graph.constant(new Float32Array(3), [1, 3]),
      rewards: graph.constant(Float32Array.of(1, -1, 0.5), [1, 3]),
    };
    return policyGradientLoss({ logits: z, ...row, weights: graph.constant(Float32Array.of(1)) }, 0).loss;
  };
  const built = gradCase(build);
  const scale = seededRandom('weights of the outputs').next() * 2 - 1; // gradCase weighs the loss with it
  const [gradient = []] = interpret(built.graph, [built.gradients.get('logits') as Tensor], { logits });
  const graph = new Graph();
  const [pi = []] = interpret(graph, [softmax(graph.constant(logits, [1, 3]))], {});
  // Σ_i π(i) (r(i) - b) ∂ log π(i) / ∂ z_j, with ∂ log π(i) / ∂ z_j = [i = j] - π(j), for any baseline b
  const rewards = [1, -1, 0.5];
  rewards.forEach((_, j) => {
    const mean = rewards.reduce(
      (sum, r, i) => sum + (pi[i] ?? 0) * (r - 7) * ((i === j ? 1 : 0) - (pi[j] ?? 0)),
      0,
    );
    expect(gradient[j]).toBeCloseTo(-mean * scale, 5);
  });
});

test('a policy that has not moved has no advantage and no divergence', () => {
  const terms = (graph: Graph) => policy(graph, graph.constant(draws(6, 'reference'), [2, 3]));
  expect(valueOf((g) => terms(g).advantage)).toBeCloseTo(0, 6);
  expect(valueOf((g) => terms(g).divergence)).toBeCloseTo(0, 6);
});
