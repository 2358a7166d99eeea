import {
  compute,
  ITEMS,
  KINDS,
  preferencesOf,
  random,
  trained,
  walks,
} from '../../../../test/support/two-makes.js';
import type { Values } from '../../graph/compute.js';
import { Graph } from '../../graph/graph.js';
import { createTrainer } from '../../graph/trainer.js';
import { supportsOf } from '../together-counts.js';
import { trunkStates } from '../trunk.js';
import type { TuningLesson } from './lesson.js';
import { preferenceAccuracy } from './preference-accuracy.js';
import { preferenceObjective, type PreferenceSettings } from './preference-objective.js';
import type { Preference } from './preference.js';
import { tuneTrunk, type Tuned } from './tune-trunk.js';

const sequences = walks(0.9, 300);
const preferences = preferencesOf(sequences);

let lesson: TuningLesson;
beforeAll(async () => {
  lesson = await trained(sequences);
});

const settings: PreferenceSettings = { kind: 'dpo', beta: 0.5, negatives: 1, smoothing: 0, anchor: 0 };
const questions = preferences.slice(0, 100).map(({ history, chosen }) => ({ history, target: chosen }));

function tune(
  changes: Partial<PreferenceSettings>,
  stored: readonly Preference[] = [],
  rounds = 6,
): Promise<Tuned> {
  const objective = preferenceObjective(lesson, { ...settings, ...changes }, stored);
  const jury = { questions, supports: supportsOf(sequences, ITEMS), people: sequences.length };
  const options = { compute, extent: 'all', jury, seed: 1, learningRate: 3e-3, rounds } as const;
  return tuneTrunk(lesson, objective, options);
}
const accuracy = (weights: Values) => preferenceAccuracy(lesson, weights, preferences);

test('next-item training puts what is popular first, whatever people choose when they see both', async () => {
  expect(await accuracy(lesson.weights)).toBeLessThan(0.1);
});

test.each<[PreferenceSettings['kind'], Partial<PreferenceSettings>]>([
  ['dpo', {}],
  ['softmax-dpo', { negatives: 4 }],
  ['rosepo', { smoothing: 0.1, negatives: 2 }],
])('%s learns from what was passed over that the rare make is wanted', async (kind, changes) => {
  const { weights, isKept, before, after } = await tune({ kind, ...changes }, preferences);
  expect(isKept).toBe(true);
  expect(await accuracy(weights)).toBeGreaterThan(0.95);
  expect(after.goal).toBeGreaterThan(before.goal ?? 1);
  expect(after.N10).toBeGreaterThan(before.N10);
});

test('a run with the same seed gives the same weights', async () => {
  const [one, two] = [await tune({}, preferences, 2), await tune({}, preferences, 2)];
  expect(one.weights['items.weight']).toEqual(two.weights['items.weight']);
});

/** Steps without the loop's early stop, which would save a loss from its own mistakes. */
async function drill(own: TuningLesson, changes: Partial<PreferenceSettings>, stored: readonly Preference[]) {
  const objective = preferenceObjective(own, { ...settings, ...changes }, stored);
  const trainer = createTrainer(compute, {
    build() {
      const graph = new Graph();
      graph.output('loss', objective.loss(graph, trunkStates(graph, own.config, objective.shape, false)));
      return graph;
    },
    optimiser: { learningRate: 3e-3 },
    seed: 1,
    initial: own.weights,
  });
  for (let round = 0; round < 30; round++)
    for (const feeds of await objective.round(round, () => trainer.weights())) await trainer.train({ feeds });
  const weights = trainer.weights();
  await trainer.dispose();
  return weights;
}

/** People who are loyal to one make, nineteen steps in twenty, and choose it when they see both. */
const loyal = (people: number) =>
  walks(0, people).map((walk, person) =>
    walk.map((item) => (item % KINDS) + (random.next() < 0.95 === (person % 2 === 0) ? 0 : KINDS)),
  );
const loyalChoices = (walked: readonly Int32Array[]) =>
  preferencesOf(walked).map((preference) => (preference.person % 2 === 0 ? turned(preference) : preference));
const turned = (preference: Preference): Preference => ({
  ...preference,
  chosen: preference.rejected[0] as number,
  rejected: Int32Array.of(preference.chosen),
});

test('with a fifth of the labels wrong, label smoothing keeps more of the order that is true', async () => {
  const own = await trained(loyal(300));
  const choices = loyalChoices(own.sequences).slice(0, 60);
  const wrong = choices.map((preference, i) => (i % 5 === 0 ? turned(preference) : preference));
  const others = loyalChoices(loyal(300));
  const right = async (changes: Partial<PreferenceSettings>) =>
    preferenceAccuracy(own, await drill(own, changes, wrong), others);
  const trusting = await right({ kind: 'dpo', beta: 0.3 });
  const doubting = await right({ kind: 'rosepo', beta: 0.3, smoothing: 0.2 });
  expect(doubting).toBeGreaterThan(trusting + 0.03);
  expect(doubting).toBeGreaterThan(0.87);
});

test('self-play shows more of the catalogue than learning on without it, and costs no quality', async () => {
  const [without, played] = [
    await tune({ kind: 'sprec', negatives: 4, anchor: 0.3, beta: 1e-6 }),
    await tune({ kind: 'sprec', negatives: 4, anchor: 0.3, beta: 0.3 }),
  ];
  expect(played.isKept).toBe(true);
  expect(played.after.gini).toBeLessThan(0.85 * played.before.gini);
  expect(played.after.gini).toBeLessThan(0.9 * without.after.gini);
  expect(played.after.N10).toBeGreaterThan(0.98 * played.before.N10);
});
