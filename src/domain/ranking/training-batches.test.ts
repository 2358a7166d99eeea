import { seededRandom } from '../random.js';
import { sampleCandidates, targetShares } from './sampled-candidates.js';
import { candidatesFor } from './train-trunk.js';
import { epochBatches } from './training-batches.js';

const random = seededRandom('batches');
const sequences = [2, 3, 9, 14, 30, 1, 5].map((length, s) =>
  Int32Array.from({ length }, (_, i) => 40 * s + i),
);
const batches = epochBatches(sequences, { rows: 2, length: 8 }, random);

test('every item but the first of its person is a target once, right after the item before it', () => {
  const targets: number[] = [];
  for (const batch of batches) {
    batch.weights.forEach((weight, token) => {
      if (weight === 0) return;
      const target = batch.targets[token] ?? NaN;
      expect(batch.items[token]).toBe(target - 1);
      targets.push(target);
    });
  }
  const wanted = sequences.flatMap((s) => Array.from(s.subarray(1)));
  expect(targets.sort((a, b) => a - b)).toEqual(wanted.sort((a, b) => a - b));
});

test('another epoch cuts and orders the same people in another way', () => {
  const again = epochBatches(sequences, { rows: 2, length: 8 }, random.fork('next'));
  expect(again.map(({ items }) => Array.from(items))).not.toEqual(
    batches.map(({ items }) => Array.from(items)),
  );
});

test('candidates hold every target once and never an item twice', () => {
  const shares = targetShares(sequences, 300);
  for (const batch of batches) {
    const { candidates, targets, correction } = sampleCandidates(batch, { shares, count: 64 }, random);
    expect(new Set(candidates).size).toBe(64);
    batch.weights.forEach((weight, token) => {
      if (weight > 0) expect(candidates[targets[token] ?? NaN]).toBe(batch.targets[token]);
    });
    expect(correction.every((x) => Number.isFinite(x) && x >= 0)).toBe(true);
  }
});

test('the chance of being a candidate, which corrects the loss, is the one observed', () => {
  const popular = Array.from({ length: 200 }, (_, s) =>
    Int32Array.of(50 + (s % 40), s % 4 === 0 ? 7 : 10 + (s % 30)),
  );
  const shares = targetShares(popular, 100);
  const counts = new Float64Array(100);
  const claimed = new Float64Array(100);
  let draws = 0;
  for (let epoch = 0; epoch < 60; epoch++) {
    for (const batch of epochBatches(popular, { rows: 1, length: 12 }, random.fork(`epoch ${epoch}`))) {
      const { candidates, correction } = sampleCandidates(
        batch,
        { shares, count: 24 },
        random.fork(`${draws++}`),
      );
      candidates.forEach((item, i) => {
        counts[item] = (counts[item] ?? 0) + 1;
        claimed[item] = (claimed[item] ?? 0) + Math.exp(-(correction[i] ?? NaN));
      });
    }
  }
  for (const item of [7, 12, 55, 95]) {
    const meanClaim = (claimed[item] ?? NaN) / (counts[item] ?? NaN);
    expect((counts[item] ?? 0) / draws).toBeCloseTo(meanClaim, 1);
  }
});

test('small catalogues get the full softmax, and candidates always leave room for every target', () => {
  expect(candidatesFor(3706, 4000)).toBe(0);
  expect(candidatesFor(12_101, 1000)).toBe(2048);
  for (const items of [5001, 9000, 20_000, 1_000_000]) {
    for (const tokens of [512, 1000, 4096]) {
      const candidates = candidatesFor(items, tokens);
      expect(candidates === 0 || (candidates >= 2 * tokens && candidates <= items / 2)).toBe(true);
    }
  }
});

test('each token knows when and for what its target came, whatever window it lies in', () => {
  const contexts = sequences.map((s) => ({
    times: Float64Array.from(s, (item) => 1e9 + 60 * item),
    actions: Int32Array.from(s, (item) => 1 + (item % 9)),
  }));
  for (const { items, targets, weights, context } of epochBatches(
    sequences,
    { rows: 2, length: 8 },
    random,
    contexts,
  )) {
    weights.forEach((weight, token) => {
      if (weight === 0) return;
      const [item, target] = [items[token] ?? NaN, targets[token] ?? NaN];
      expect((context.asked[token] ?? NaN) - (context.times[token] ?? NaN)).toBe(60 * (target - item));
      expect(context.actions[token]).toBe(1 + (item % 9));
      expect(context.goals[token]).toBe(1 + (target % 9));
    });
  }
});
