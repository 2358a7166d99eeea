import { fileURLToPath } from 'node:url';
import { codeScorer } from '../src/domain/ranking/code-scorer.js';
import { distilCodes } from '../src/domain/ranking/distil-codes.js';
import { drafterFrom } from '../src/domain/ranking/drafter.js';
import { itemKnnPart, trainItemKnn } from '../src/domain/ranking/item-knn.js';
import { PROTOCOLS, splitData } from '../src/domain/ranking/protocols.js';
import { servedCodes } from '../src/domain/ranking/served-codes.js';
import { topItems } from '../src/domain/ranking/top-items.js';
import { codeRecipeFor, trainCodes } from '../src/domain/ranking/train-codes.js';
import { onnxCompute } from '../src/infra/compute/onnx-compute.js';
import { loadRankingSet, RANKING_SETS } from './ranking-sets.js';

const DATA = fileURLToPath(new URL('../../shared/data', import.meta.url));
const compute = onnxCompute({ threads: 1 });
/** People learned from, and questions compared: enough for codes that prefer something, in seconds. */
const [PEOPLE, QUESTIONS] = [120, 30];

test('on MovieLens a draft of neighbours is proven to be the exact list, and a student is judged', async () => {
  const set = RANKING_SETS['ml-100k'];
  const loaded = set && (await loadRankingSet(set, DATA, 1));
  if (!loaded) {
    console.info('skipped: data not here');
    return;
  }
  const { train, validation } = splitData(loaded.data, PROTOCOLS.M4);
  const sequences = train.sequences.slice(0, PEOPLE).map((sequence) => sequence.slice(-50));
  const data = { itemCount: train.itemCount, sequences }; // without words: their directions take most of the time
  const plain = codeRecipeFor(data, { tokenizer: 'collaborative' });
  const recipe = { ...plain, maxEpochs: 1, config: { ...plain.config, width: 32, heads: 1, history: 24 } };
  const options = { seed: 1, validation: validation.slice(0, 100), maxEpochs: 1 };
  const teacher = await trainCodes(data, compute, options, recipe);
  const { catalogue } = teacher;
  const histories = validation.slice(0, QUESTIONS).map(({ history }) => history);

  const drafter = drafterFrom(itemKnnPart(trainItemKnn(data)));
  const drafting = await codeScorer(compute, teacher.model, { ...catalogue, decoding: 'draft', drafter });
  const scores = await teacher.score(histories);
  for (const [h, found] of (await drafting.search(histories, 20)).entries()) {
    const exact = scores[h] ?? new Float32Array();
    expect(found).toHaveLength(20);
    // equal probabilities may change places between two ways of adding up; which they are may not
    const wanted = topItems(exact, 20);
    found.forEach(({ item, logProb }, place) => {
      expect(logProb).toBeCloseTo(exact[wanted[place] ?? 0] ?? NaN, 3);
      expect(exact[item]).toBeCloseTo(logProb, 3);
    });
  }
  await drafting.dispose();

  const { part, distillation } = await distilCodes(teacher, data, { compute, recipe, options });
  expect(distillation).toMatchObject({ width: 8, teacherWidth: 32, judges: 100 });
  expect(distillation.serves).toBe(distillation.gain.high >= 0);
  expect(servedCodes(part).decoder.width).toBe(distillation.serves ? 8 : 32);
  await part.dispose();
}, 600_000);
