import { SIDE, twoColours } from '../../../test/support/two-colours.js';
import { onnxCompute } from '../../infra/compute/onnx-compute.js';
import { trainAll, type TrainAllOptions } from './train-all.js';
import { StoppedError } from './watch.js';

const compute = onnxCompute({ threads: 1 });
const options: TrainAllOptions = {
  seed: 1,
  budgetSeconds: 1,
  recipe: { parts: ['popularity', 'itemknn', 'ease'] },
  now: () => performance.now(),
};

test('learns that people keep to their colour, says so per part, and is the same twice', async () => {
  const data = twoColours(400);
  const { model, reports, fusions, seconds } = await trainAll(data, compute, options);
  const [a1, a2] = reports;
  expect([a1?.protocol, a2?.protocol]).toEqual(['A1', 'A2']);
  expect(a1?.people).toBe(400);
  // 7 of 20 of the colour are seen: guessing among the other 13 gives 10 / 13 = 0.77; among all 33 it gives 0.30
  const recall = (name: 'popularity' | 'itemknn' | 'ease' | 'fusion') => a1?.contestants[name]?.R10 ?? 0;
  expect(recall('popularity')).toBeLessThan(0.45);
  expect(recall('itemknn')).toBeGreaterThan(0.65);
  expect(recall('ease')).toBeGreaterThan(0.65);
  expect(recall('fusion')).toBeGreaterThan(0.65);
  expect(a1?.contestants.fusion?.gainOverPopularity.low).toBeGreaterThan(0);
  expect(a1?.contestants.fusion?.buckets['6-20']?.people).toBe(400);
  expect(model.trunk).toBeNull();
  expect(seconds.ease).toBeGreaterThan(0);
  const again = await trainAll(data, compute, options);
  expect(again.fusions).toEqual(fusions);
  expect(again.reports).toEqual(reports);
});

test('refit knows the last events, the judged model does not', async () => {
  const data = twoColours(60);
  const [judged, refitted] = [
    await trainAll(data, compute, options),
    await trainAll(data, compute, { ...options, refit: true }),
  ];
  const total = (counts: Int32Array) => counts.reduce((sum, count) => sum + count, 0);
  expect(total(judged.model.itemknn.supports)).toBe(60 * 6);
  expect(total(refitted.model.itemknn.supports)).toBe(60 * 8);
  expect(refitted.reports).toEqual(judged.reports);
});

test('too few people: no sequence model, with the reason', async () => {
  const { skipped, model } = await trainAll(twoColours(10), compute, {
    ...options,
    recipe: { parts: ['trunk', 'codes'] },
  });
  expect(skipped.trunk).toBe('10 people to learn from');
  expect(model.codes).toBeNull();
});

test('a signal ends it between stages', async () => {
  const controller = new AbortController();
  const stopped = trainAll(twoColours(60), compute, {
    ...options,
    signal: controller.signal,
    onProgress: () => controller.abort(),
  });
  await expect(stopped).rejects.toThrow(StoppedError);
});

test('a recipe with an objective adds a second stage to the trunk, and says what it changed', async () => {
  const data = twoColours(60);
  const preferences = data.sequences.map((sequence, person) => ({
    person,
    history: sequence.subarray(0, 3),
    chosen: sequence[3] as number,
    rejected: Int32Array.of(((person + 1) % 2) * SIDE + (person % SIDE)),
  }));
  const recipe = { parts: ['trunk'], objective: 'dpo', width: 16 } as const;
  const { tuning, model, skipped } = await trainAll(data, compute, { ...options, preferences, recipe });
  expect(skipped).toEqual({});
  expect(model.trunk?.config.width).toBe(16);
  expect(tuning).toMatchObject({ objective: 'dpo', preferences: 60, judges: 60 });
  expect(tuning?.rounds.length).toBeGreaterThan(0);
  expect(tuning?.after.N10).toBeGreaterThan((tuning?.before.N10 ?? 1) - 0.05);
  const untuned = await trainAll(data, compute, { ...options, recipe: { parts: ['trunk'], width: 16 } });
  expect(untuned.tuning).toBeNull();
});
