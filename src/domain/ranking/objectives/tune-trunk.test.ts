import { compute, ITEMS, KINDS, trained, walks } from '../../../../test/support/two-makes.js';
import { mul } from '../../graph/ops/elementwise.js';
import { nextItemLoss } from '../trunk-loss.js';
import { supportsOf } from '../together-counts.js';
import { contrastiveObjective } from './contrastive-objective.js';
import { drawPositions } from './draw-examples.js';
import { freshEventsObjective } from './fresh-events-objective.js';
import { type Judgement, isWorse } from './judge-trunk.js';
import { tuningShape, type TuningLesson } from './lesson.js';
import { slateBatches } from './slate-batches.js';
import { type Objective, tuneTrunk } from './tune-trunk.js';
import type { TuningExtent } from './tuned-parameters.js';

const sequences = walks(1, 120);
const next = (item: number, step = 1) => (item + step) % KINDS;
const askAll = (step: number) =>
  Array.from({ length: KINDS }, (_, item) => ({
    history: Int32Array.of(next(item, KINDS - 1), item),
    target: next(item, step),
  }));
let lesson: TuningLesson;
beforeAll(async () => {
  lesson = await trained(sequences);
});

const optionsOf = (extent: TuningExtent, questions = askAll(1)) => ({
  ...{ compute, extent, seed: 1, learningRate: 1e-2, rounds: 20 },
  jury: { questions, supports: supportsOf(sequences, ITEMS), people: sequences.length },
});

test('a mean difference within one standard error is no fall, a larger one is', () => {
  const judged = (gains: number[]): Judgement => ({
    figures: { R10: 0, N10: gains.reduce((a, b) => a + b, 0) / gains.length, gini: 0, meanPopularity: 0 },
    gains: Float64Array.from(gains),
  });
  const before = judged([0.5, 0.5, 0.5, 0.5]);
  // mean -0.05, standard error 0.5 / √4 · … = 0.096: within
  expect(isWorse(judged([0.7, 0.3, 0.5, 0.3]), before)).toBe(false);
  expect(isWorse(judged([0.4, 0.3, 0.5, 0.3]), before)).toBe(true);
  expect(isWorse(before, before)).toBe(false);
});

test('an objective that ruins the answers leaves the trunk as it was, however much its own goal rises', async () => {
  const shape = tuningShape(lesson.config);
  let goal = 0;
  const ruin: Objective = {
    shape,
    hasDropout: false,
    loss: (graph, states) =>
      mul(nextItemLoss(graph, states, { config: lesson.config, candidates: shape.candidates }), -1),
    round: () => Promise.resolve(slateBatches(lesson, drawPositions(sequences, lesson.random), {})),
    goal: () => Promise.resolve(goal++),
  };
  const { isKept, weights, before, after, rounds } = await tuneTrunk(lesson, ruin, optionsOf('all'));
  expect(isKept).toBe(false);
  expect(weights).toBe(lesson.weights);
  expect(after).toEqual(before);
  expect(rounds.length).toBeLessThan(20); // out of patience
});

/** Since yesterday everybody steps by two: the last item of each walk. */
const changed = sequences.map((sequence) => {
  const walk = sequence.slice();
  walk[7] = next(walk[6] as number, 2);
  return walk;
});

test.each<[TuningExtent, (name: string) => boolean]>([
  ['all', () => true],
  ['small', (name) => name.startsWith('block') || /\.(gain|shift|bias)$/.test(name)],
  ['low-rank', (name) => name.startsWith('block') && name.endsWith('.weight')],
])('fresh events teach a new habit to %s of the parameters, and the others stay', async (extent, mayMove) => {
  const fresh = freshEventsObjective({ ...lesson, sequences: changed }, undefined);
  const options = {
    ...optionsOf(extent, askAll(2)),
    ...(extent === 'low-rank' && { learningRate: 5e-2, rounds: 60 }),
  };
  const { weights, isKept, before, after } = await tuneTrunk(lesson, fresh, options);
  expect(isKept).toBe(true);
  expect(after.N10).toBeGreaterThan(before.N10 + 0.05);
  expect(Object.keys(weights).sort()).toEqual(Object.keys(lesson.weights).sort());
  for (const [name, values] of Object.entries(weights)) {
    const old = lesson.weights[name];
    const hasMoved = values.some((value, i) => value !== old?.[i]);
    if (hasMoved) expect([name, mayMove(name)]).toEqual([name, true]);
  }
});

test('the contrastive objective pulls the views of a history together and keeps what was learned', async () => {
  let turn = 0;
  const objective = contrastiveObjective(lesson, 0.5);
  const options = { ...optionsOf('all'), learningRate: 3e-3, rounds: 8 };
  const { rounds } = await tuneTrunk(
    lesson,
    { ...objective, goal: (_, { N10 }) => Promise.resolve(N10 + 1e-3 * turn++) },
    options,
  );

  const [first, last] = [rounds[0], rounds.at(-1)];
  expect(last?.measures['ownViews']).toBeLessThan(0.9 * (first?.measures['ownViews'] ?? 0));
  expect(last?.N10).toBeGreaterThan(0.95);
});
