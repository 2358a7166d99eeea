import { compute, ITEMS, KINDS, preferencesOf, trained, walks } from '../../../../test/support/two-makes.js';
import { supportsOf } from '../together-counts.js';
import type { TuningLesson } from './lesson.js';
import { policyObjective } from './policy-objective.js';
import { type RewardModel, trainRewardModel } from './reward-model.js';
import { rewardPreferences } from './reward-preferences.js';
import { tuneTrunk } from './tune-trunk.js';

const sequences = walks(0.9, 200);
const questions = sequences.slice(0, 60).map((sequence) => ({
  history: sequence.subarray(0, 5),
  target: sequence[5] as number,
}));
let lesson: TuningLesson;
beforeAll(async () => {
  lesson = await trained(sequences);
});

async function tune(rewards: RewardModel['rewards'], penalty: number) {
  const objective = await policyObjective(lesson, { penalty, anchor: 0 }, { rewards, judges: questions });
  const jury = { questions, supports: supportsOf(sequences, ITEMS), people: sequences.length };
  const options = { compute, extent: 'all', jury, seed: 1, learningRate: 3e-3, rounds: 8 } as const;
  return tuneTrunk(lesson, objective, options);
}

/** The rare make earns 1, the popular one nothing. */
const rareEarns: RewardModel['rewards'] = (_, slates) =>
  Promise.resolve(slates.map((slate) => Float32Array.from(slate, (item) => (item >= KINDS ? 1 : 0))));

test('mass moves to what is rewarded, further where a nat of distance costs less', async () => {
  const [free, held] = [await tune(rareEarns, 0.2), await tune(rareEarns, 2)];
  const divergence = ({ rounds }: typeof free) => rounds.at(-1)?.measures['divergence'] ?? NaN;
  expect(free.before.goal).toBeLessThan(0.25);
  expect(free.rounds.at(-1)?.goal).toBeGreaterThan(0.6);
  expect(divergence(held)).toBeLessThan(0.1);
  expect(divergence(held)).toBeLessThan(0.2 * divergence(free));
  // at the optimum π ∝ π_ref exp(r / λ) no more than 1 / λ nats can pay for a reward of at most 1
  expect(divergence(free)).toBeLessThan(1 / 0.2);
  expect(held.rounds.at(-1)?.goal).toBeGreaterThan(held.before.goal ?? 1);
});

test('the reward model learns from choices what people like, and ranks what it never compared', async () => {
  const half = preferencesOf(sequences).filter(({ chosen }) => chosen % 2 === 0);
  const model = await trainRewardModel(lesson, half, { seed: 1 });
  expect(model.accuracy).toBeGreaterThan(0.9);
  const slate = Int32Array.of(2, 12, 4, 14);
  const [rewards = new Float32Array()] = await model.rewards(
    [{ history: sequences[0] as Int32Array }],
    [slate],
  );
  expect(rewards[1]).toBeGreaterThan(rewards[0] ?? NaN);
  expect(rewards[3]).toBeGreaterThan(rewards[2] ?? NaN);
});

test('with nothing stored, what was taken is set against items that the person never took', () => {
  const drawn = rewardPreferences(lesson, []);
  expect(drawn.length).toBeGreaterThan(150);
  for (const { person, chosen, rejected } of drawn) {
    const own = new Set(sequences[person]);
    expect(own.has(chosen)).toBe(true);
    expect([...rejected].some((item) => own.has(item))).toBe(false);
  }
});
