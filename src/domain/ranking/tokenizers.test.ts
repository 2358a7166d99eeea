import { onnxCompute } from '../../infra/compute/onnx-compute.js';
import { seededRandom } from '../random.js';
import { TOKENIZER_NAMES } from '../semantic-ids/tokenizer.js';
import type { RankingData } from './part.js';
import { parseRecipeText } from './recipe.js';
import { codeRecipeFor, trainCodes } from './train-codes.js';

const ITEMS = 24;
/** Everybody walks round the same circle of items, from anywhere: after item n comes n + 7. */
const next = (item: number) => (item + 7) % ITEMS;

function circle(people: number): RankingData {
  const random = seededRandom('circle');
  const sequences = Array.from({ length: people }, () => {
    const walk = [random.int(ITEMS)];
    while (walk.length < 8) walk.push(next(walk[walk.length - 1] ?? 0));
    return Int32Array.from(walk);
  });
  const titles = Array.from({ length: ITEMS }, (_, i) => `${i % 2 ? 'odd' : 'even'} group${i % 6} thing${i}`);
  return { itemCount: ITEMS, sequences, titles };
}

const compute = onnxCompute({ threads: 1 });

test.each(TOKENIZER_NAMES)(
  '%s codes learn the way round, and search finds what scoring finds',
  async (kind) => {
    const data = circle(200);
    const recipe = codeRecipeFor(data, parseRecipeText(`tokenizer=${kind}`));
    const part = await trainCodes(
      data,
      compute,
      { seed: 1 },
      {
        ...recipe,
        config: { ...recipe.config, width: 32, history: 8, dropout: 0 },
        ...{ rows: 16, learningRate: 1e-2, emaDecay: 0.9, maxEpochs: 12, isWarm: false },
      },
    );
    const histories = [Int32Array.of(0, 7, 14), Int32Array.of(17), Int32Array.of(20, 3, 10, 17)];
    const scores = await part.score(histories);
    const found = await part.search(histories, ITEMS);
    histories.forEach((history, h) => {
      expect(found[h]?.[0]?.item).toBe(next(history[history.length - 1] ?? 0));
      expect(new Set(found[h]?.map(({ item }) => item)).size).toBe(ITEMS); // all of the catalogue and nothing else
      found[h]?.forEach(({ item, logProb }) => expect(logProb).toBeCloseTo(scores[h]?.[item] ?? NaN, 2));
    });
    expect(part.validation).toBeGreaterThan(0.9);
    await part.dispose();
  },
);
