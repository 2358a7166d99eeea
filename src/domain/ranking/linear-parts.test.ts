import { countedAgain, linearOf, newcomersOf } from './linear-parts.js';
import { trainItemKnn } from './item-knn.js';
import type { RankingData } from './part.js';
import { trainPopularity } from './popularity.js';
import type { RankerModel } from './ranker-artefact.js';
import { trainTrend } from './trend.js';

const DAY = 86_400;
/** Item 0 was popular a month ago, item 1 is today. */
const data: RankingData = {
  itemCount: 2,
  sequences: Array.from({ length: 6 }, () => Int32Array.of(0, 1)),
  times: Array.from({ length: 6 }, (_, p) => Float64Array.of(400 * DAY + p, 430 * DAY + p)),
};
const settings = { halfLife: 7 * DAY, focus: 0.5 };
const week = { ...trainPopularity(data, 7 * DAY), windowSeconds: 7 * DAY };
const trend = { ...trainTrend(data, { newcomers: settings, others: settings }), suitsNewcomers: true };
const model = { popularity: week, trend, itemknn: trainItemKnn(data), ease: null } as unknown as RankerModel;

test('counting again keeps the window that was chosen, and who answers newcomers', async () => {
  const product = () => Promise.reject(new Error('no EASE here'));
  const again = await countedAgain(linearOf(model), data, { product });
  expect(Array.from(again.popularity.counts)).toEqual([0, 6]);
  expect(again.popularity.windowSeconds).toBe(7 * DAY);
  expect(newcomersOf(again)).toBe('trend');
  expect(newcomersOf(linearOf({ ...model, trend: undefined } as unknown as RankerModel))).toBe('popularity');
});
