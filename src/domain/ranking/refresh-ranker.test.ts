import { onnxCompute } from '../../infra/compute/onnx-compute.js';
import { seededRandom } from '../random.js';
import type { TokenizerName } from '../semantic-ids/tokenizer.js';
import { HISTORY_BUCKETS } from './history-buckets.js';
import { trainItemKnn } from './item-knn.js';
import type { RankingData } from './part.js';
import { trainPopularity } from './popularity.js';
import { decodeRanker, encodeRanker, type RankerModel } from './ranker-artefact.js';
import { serveRanker } from './ranker.js';
import { refreshRanker } from './refresh-ranker.js';
import { codeRecipeFor, trainCodes } from './train-codes.js';

const compute = onnxCompute({ threads: 1 });
const OLD = 40;
const NEW = 4;
function must<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('a value was wanted, none came');
  return value;
}
const idOf = (item: number) => `item-${item}`;

/** Two crowds, each walking round its own circle; content says which crowd an item belongs to. New items join the first circle's end. */
function circles(people: number, items: number): RankingData {
  const random = seededRandom(`circles ${people}`);
  const sequences = Array.from({ length: people }, (_, person) => {
    const [base, length] = person % 2 === 0 ? [0, 20] : [20, items - 20];
    const start = random.int(length);
    return Int32Array.from({ length: 7 }, (__, i) => base + ((start + i) % length));
  });
  const rows = Array.from({ length: items }, (_, item) => {
    const own = seededRandom(`content ${item}`);
    const row = Array.from({ length: 8 }, (__, c) => (c < 4 === item < 20 ? 1 : 0) + 0.2 * own.normal());
    const norm = Math.hypot(...row);
    return row.map((x) => x / norm);
  });
  const titles = Array.from({ length: items }, (_, i) => `${i < 20 ? 'red' : 'blue'} kind${i % 5} thing${i}`);
  return {
    itemCount: items,
    sequences,
    titles,
    content: { vectors: Float32Array.from(rows.flat()), size: 8 },
  };
}

async function trained(tokenizer: TokenizerName): Promise<RankerModel> {
  const data = circles(120, OLD);
  const recipe = codeRecipeFor(data, { tokenizer });
  const config = { ...recipe.config, width: 32, history: 8, dropout: 0 };
  const quick = { rows: 8, learningRate: 1e-2, emaDecay: 0.9, maxEpochs: 5 };
  const part = await trainCodes(data, compute, { seed: 1 }, { ...recipe, ...quick, config });
  await part.dispose();
  const { catalogue, model } = part;
  return {
    manifest: { snapshot: 'test', seed: 1, figures: {} },
    itemIds: Array.from({ length: OLD }, (_, i) => idOf(i)),
    fusion: {
      ...{ normalisation: 'z-score', parts: ['popularity', 'itemknn', 'codes'], scales: [1, 1, 1] },
      weights: HISTORY_BUCKETS.map(() => [0, 0, 1]),
    },
    popularity: trainPopularity(data),
    itemknn: trainItemKnn(data),
    ...{ ease: null, trunk: null },
    codes: { model, ids: catalogue.ids, tokenizer: catalogue.tokenizer, space: catalogue.space },
  };
}

/** Today there are more people and four more items, numbered quite differently. */
function today() {
  const data = circles(160, OLD + NEW);
  const last = data.itemCount - 1;
  const { content } = data;
  const flipped = Float32Array.from(
    Array.from({ length: data.itemCount }, (_, i) =>
      Array.from(content?.vectors.subarray((last - i) * 8, (last - i + 1) * 8) ?? []),
    ).flat(),
  );
  return {
    data: {
      ...data,
      sequences: data.sequences.map((sequence) => sequence.map((item) => last - item)),
      content: { vectors: flipped, size: 8 },
      titles: [...(data.titles ?? [])].reverse(),
    },
    itemIds: Array.from({ length: data.itemCount }, (_, i) => idOf(last - i)),
  };
}

test.each(['residual', 'product', 'text'] as const)(
  '%s codes are refreshed: few move, new items have one, the decoder still knows its way',
  async (kind) => {
    const old = decodeRanker(encodeRanker(await trained(kind)));
    const options = { seed: 1, from: 'the old one', budgetSeconds: 60, now: () => performance.now() };
    const { model, changes, validation, reports } = await refreshRanker(old, today(), compute, options);
    expect(changes).toMatchObject({ shared: OLD, added: NEW, removed: 0 });
    expect(changes.movedShare).toBeLessThan(0.6);
    expect(validation.after).toBeGreaterThanOrEqual(validation.before);
    expect(validation.after).toBeGreaterThan(0.6);
    expect(reports[0]?.contestants.codes?.N10).toBeGreaterThan(0.5);
    expect(model.itemIds.slice(0, OLD)).toEqual(old.itemIds);
    const migration = must(must(decodeRanker(encodeRanker(model)).codes).migration);
    const digits = must(old.codes).ids.digits;
    expect(migration.from).toBe('the old one');
    expect(migration.before.subarray(0, digits.length)).toEqual(digits);
    expect(migration.isKnown.reduce((a, b) => a + b, 0)).toBe(OLD);
    const ranker = await serveRanker(model, compute);
    const codes = model.itemIds.map((_, item) => ranker.semanticId(item)?.join('.'));
    expect(new Set(codes).size).toBe(OLD + NEW);
    const ranked = await ranker.rank(Int32Array.of(3, 4, 5), new Set([3, 4, 5]), 1);
    expect(ranked[0]?.item).toBe(6);
    await ranker.dispose();
  },
);

test('a ranker without codes has nothing to refresh', async () => {
  const model = { ...(await trained('plain')), codes: null };
  const options = { seed: 1, from: 'x', budgetSeconds: 1, now: () => performance.now() };
  await expect(refreshRanker(model, today(), compute, options)).rejects.toThrow(
    /a ranker with codes was wanted/,
  );
});
