import { gradCase, gradientError } from '../../../test/support/grad-check.js';
import { contentOf, ITEMS, twoCircles } from '../../../test/support/two-circles.js';
import { onnxCompute } from '../../infra/compute/onnx-compute.js';
import { seededRandom } from '../random.js';
import { distilCodes } from './distil-codes.js';
import { distilLoss, STUDENT } from './distil-loss.js';
import { extendRanker } from './extend-ranker.js';
import { singlePartFusion } from './fusion.js';
import { encodeRanker, type RankerModel } from './ranker-artefact.js';
import { loadRanker } from './ranker.js';
import { topItems } from './top-items.js';
import { trainAll } from './train-all.js';
import { codeRecipeFor, trainCodes } from './train-codes.js';

const compute = onnxCompute({ threads: 1 });
const data = twoCircles();
const plain = codeRecipeFor(data);
const recipe = {
  ...plain,
  config: { ...plain.config, width: 32, history: 8, dropout: 0 },
  ...{ rows: 8, learningRate: 1e-2, emaDecay: 0.9, maxEpochs: 6 },
};
const teacher = () => trainCodes(data, compute, { seed: 1 }, recipe);

const options = { seed: 1, maxEpochs: 8, now: () => performance.now() };
const taught = teacher().then((large) => distilCodes(large, data, { compute, recipe, options }));
afterAll(async () => (await taught).part.dispose());

test('the gradient of the lesson agrees with central differences', () => {
  const random = seededRandom('lesson');
  const [tokens, width] = [3, 6];
  const radix = [4, 3];
  const config = { radix, temperature: 0.5, dropout: 0 };
  const states = Float32Array.from({ length: tokens * width }, () => random.normal());
  const own = gradCase(
    (graph) =>
      distilLoss(graph, graph.constant(states, [tokens, width]), {
        teacher: { ...config, width },
        student: { ...config, width: 3 },
        ...{ softness: 2, trust: 0.7 },
      }),
    {
      ...{ target0: Int32Array.of(1, 3, 0), target1: Int32Array.of(2, 0, 1) },
      allowed0: new Float32Array(tokens * 4),
      allowed1: Float32Array.of(0, -9, 0, 0, 0, 0, -9, 0, 0),
      weights: Float32Array.of(1, 1, 0.5),
    },
  );
  const gradients = new Map([...own.gradients].filter(([name]) => name.startsWith(STUDENT)));
  expect(gradients.size).toBeGreaterThan(10);
  expect(gradientError({ ...own, gradients })).toBeLessThan(1e-4);
  const frozen = [...own.graph.parameters.keys()].filter((name) => !name.startsWith(STUDENT));
  expect(frozen).toContain('decoder.code0.weight');
});

test('a student of a quarter of the width answers as its teacher does, and takes over', async () => {
  const { part, distillation } = await taught;
  expect(distillation).toMatchObject({ serves: true, width: 8, teacherWidth: 32 });
  expect(distillation.student).toBeGreaterThan(0.8);
  expect(distillation.gain.high).toBeGreaterThanOrEqual(0);
  expect(distillation.speedUp).toBeGreaterThan(0);
  expect(part.student?.weights['decoder.code0.weight']?.length).toBe(8 * (part.model.decoder.radix[0] ?? 0));
  expect(part.model.decoder.width).toBe(32);
  const history = Int32Array.of(3, 4, 5);
  const [scores = new Float32Array()] = await part.score([history]);
  expect(topItems(scores, 1)[0]).toBe(6);
  expect(scores.reduce((sum, logProb) => sum + Math.exp(logProb), 0)).toBeCloseTo(1, 3);
  const [found = []] = await part.search([history], ITEMS);
  found.forEach(({ item, logProb }) => expect(logProb).toBeCloseTo(scores[item] ?? NaN, 2));
});

test('a student that was taught nothing does not take over', async () => {
  const large = await teacher();
  const { part, distillation } = await distilCodes(large, data, {
    ...{ compute, recipe, options: { seed: 1, maxEpochs: 0 } },
  });
  expect(distillation.serves).toBe(false);
  expect(distillation.student).toBeLessThan(distillation.teacher);
  expect(distillation.speedUp).toBeNull();
  expect(part).toBe(large);
  expect(topItems((await part.score([Int32Array.of(3, 4, 5)]))[0] ?? new Float32Array(), 1)[0]).toBe(6);
  await part.dispose();
});

/** A clock that counts steps instead of time, so that every run is the same: a budget of 16 is 12 steps and 4. */
function stepClock(): () => number {
  let steps = 0;
  return () => 1000 * steps++;
}

test('distil=on goes from the recipe into the artefact, which answers and takes new items up', async () => {
  const { model, distillation, skipped } = await trainAll(data, compute, {
    ...{ seed: 1, budgetSeconds: 16, now: stepClock() },
    recipe: { parts: ['codes'], distil: 'on', width: 32 },
  });
  expect(skipped).toEqual({});
  expect(distillation).toMatchObject({ width: 8, teacherWidth: 32 });
  expect(model.codes?.student !== undefined).toBe(distillation?.serves);

  const { part } = await taught;
  const { model: own, student, catalogue } = part;
  if (student === undefined) throw new Error('the student was not good enough');
  const whole: RankerModel = {
    ...model,
    manifest: { snapshot: 'test', seed: 1, figures: {} },
    itemIds: Array.from({ length: ITEMS }, (_, i) => `item-${i}`),
    fusion: singlePartFusion('codes'),
    codes: { model: own, student, ...catalogue },
  };
  const ranker = await loadRanker(encodeRanker(whole), compute);
  const [scores = new Float32Array()] = await part.score([Int32Array.of(3, 4, 5)]);
  const ranked = await ranker.rank(Int32Array.of(3, 4, 5), new Set(), 4);
  expect(ranked.map(({ item }) => item)).toEqual([...topItems(scores, 4)]);
  const grown = extendRanker(whole, { ids: ['new'], content: contentOf(1, () => true) });
  const larger = await loadRanker(encodeRanker(grown), compute);
  expect(await larger.rank(Int32Array.of(3, 4, 5), new Set(), ITEMS + 1)).toHaveLength(ITEMS + 1);
  await Promise.all([ranker.dispose(), larger.dispose()]);
});

test('codes without levels are not distilled, and say so before anything is trained', () => {
  expect(() => codeRecipeFor(data, { distil: 'on', tokenizer: 'product' })).toThrow('product came');
});
