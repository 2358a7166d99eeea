import { adamW, type AdamWOptions } from './adamw.js';
import { Graph, type Tensor } from './graph.js';
import { interpret } from './interpreter.js';
import { mul } from './ops/elementwise.js';
import { reduceSum } from './ops/reducing.js';
import { sizeOf } from './shape.js';

const options: AdamWOptions = {
  learningRate: 0.1,
  warmupSteps: 2,
  totalSteps: 6,
  finalRate: 0.1,
  weightDecay: 0.5,
  clipNorm: 1,
  emaDecay: 0.9,
};

/** loss = Σ w x, so the gradient of w is x; w is a matrix (decays), b a vector (does not). */
function graphOf(): Graph {
  const g = new Graph();
  const w = g.parameter('w', [1, 2], { kind: 'ones' });
  const b = g.parameter('b', [1], { kind: 'ones' });
  g.output('loss', reduceSum(mul(mul(w, g.input('x', [1, 2])), b)));
  return g;
}

/** AdamW of one number written down from the paper, with the clipped gradient given. */
function byHand(p: number, gradients: readonly number[], decay: number): { p: number; ema: number } {
  let [m, v, ema] = [0, 0, p];
  gradients.forEach((g, i) => {
    const t = i + 1;
    const progress = Math.min(Math.max((t - 2) / 4, 0), 1);
    const rate = 0.1 * Math.min(t / 2, 1) * (0.1 + 0.9 * 0.5 * (1 + Math.cos(Math.PI * progress)));
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    const [mHat, vHat] = [m / (1 - 0.9 ** t), v / (1 - 0.999 ** t)];
    p -= rate * (mHat / (Math.sqrt(vHat) + 1e-8) + decay * p);
    const kept = Math.min(0.9, t / (t + 9));
    ema = kept * ema + (1 - kept) * p;
  });
  return { p, ema };
}

/** The gradient of (w1, w2, b) at these weights, clipped to norm 1 as the optimiser is asked to. */
function clippedGradient(weights: ArrayLike<number>, [x1, x2]: readonly [number, number]): number[] {
  const [w1, w2, b] = Array.from(weights) as [number, number, number];
  const gradient = [x1 * b, x2 * b, w1 * x1 + w2 * x2];
  return gradient.map((d) => d / (Math.hypot(...gradient) + 1e-6));
}

type State = Record<string, ArrayLike<number>>;
const numberIn = (state: State, name: string) => state[name]?.[0] ?? NaN;

/** Runs the optimiser's graph for some steps, and notes each clipped gradient. */
function run(steps: number): { state: State; gradients: number[][] } {
  const g = graphOf();
  const loss = g.outputs.get('loss') as Tensor;
  adamW(g, loss, options);
  const names = [...g.outputs.keys()].filter((name) => name.includes('/'));
  const tensors = names.map((name) => g.outputs.get(name) as Tensor);
  const startsAtOne = (name: string) => name.startsWith('p/') || name.startsWith('ema/');
  let state: State = Object.fromEntries(
    names.map((name, i) => [
      name,
      new Float64Array(sizeOf(tensors[i]?.shape ?? [])).fill(startsAtOne(name) ? 1 : 0),
    ]),
  );
  const gradients: number[][] = [];
  for (let step = 0; step < steps; step++) {
    const x = [3 + step, -4] as const;
    const weights = [...Array.from(state['p/small matrices'] ?? []), numberIn(state, 'p/small vectors')];
    gradients.push(clippedGradient(weights, x));
    const results = interpret(g, tensors, { ...state, x, step: [step] });
    state = Object.fromEntries(names.map((name, i) => [name, results[i] ?? []]));
  }
  return { state, gradients };
}

test('four steps agree with the formula computed by hand, with warm-up, decay, clipping and average', () => {
  const { state, gradients } = run(4);
  const column = (i: number) => gradients.map((gradient) => gradient[i] ?? NaN);
  const [w, b] = [byHand(1, column(0), 0.5), byHand(1, column(2), 0)];
  expect(numberIn(state, 'p/small matrices')).toBeCloseTo(w.p, 6);
  expect(numberIn(state, 'ema/small matrices')).toBeCloseTo(w.ema, 6);
  expect(numberIn(state, 'p/small vectors')).toBeCloseTo(b.p, 6);
  expect(numberIn(state, 'ema/small vectors')).toBeCloseTo(b.ema, 6);
});

test('a graph without trainable parameters is refused', () => {
  const g = graphOf();
  const loss = g.outputs.get('loss');
  expect(() => loss && adamW(g, loss, options, () => false)).toThrow(/nothing to train/);
});
