import { itemKnnPart, trainItemKnn } from './item-knn.js';
import type { RankingData } from './part.js';
import { popularityPart, trainPopularity } from './popularity.js';
import { knnWithout } from './score-without.js';
import type { RankedItem, ServingRanker } from './serving-ranker.js';
import { topItems } from './top-items.js';

/** Share of popularity beside neighbours: enough to order what the history says nothing about, too little to outvote it. */
const POPULARITY_SHARE = 0.02;

/** The closed-form first answer: neighbours with recency, popularity where there are none. Ready in seconds after an import. */
export async function baselineRanker(data: RankingData, itemIds: readonly string[]): Promise<ServingRanker> {
  const itemknn = trainItemKnn(data);
  const knn = itemKnnPart(itemknn);
  const [counts = new Float32Array(data.itemCount)] = await popularityPart(trainPopularity(data)).score([
    new Int32Array(),
  ]);
  const most = counts.reduce((max, count) => Math.max(max, count), 1);
  const popularity = counts.map((count) => (POPULARITY_SHARE * count) / most);

  const rank: ServingRanker['rank'] = async (history, exclude, k) => {
    const [neighbours = new Float32Array(data.itemCount)] = await knn.score([history]);
    const sums = neighbours.map((itemknn, item) => itemknn + (popularity[item] ?? 0));
    return Array.from(topItems(sums, k, exclude), (item): RankedItem => {
      const parts = { itemknn: neighbours[item] ?? 0, popularity: popularity[item] ?? 0 };
      return { item, score: parts.itemknn + parts.popularity, parts };
    });
  };
  const scoreItems: ServingRanker['scoreItems'] = async (histories, items) => {
    const scores = await knn.score(histories);
    return scores.map((row) =>
      Float32Array.from(items, (item) => (row[item] ?? 0) + (popularity[item] ?? 0)),
    );
  };
  const scoreWithout: ServingRanker['scoreWithout'] = async (question) => {
    const { history, items } = question;
    const whole = await scoreItems([history], items);
    const others = knnWithout(itemknn, question).map((row) =>
      row.map((score, i) => score + (popularity[items[i] as number] ?? 0)),
    );
    return [...whole, ...others];
  };
  return {
    itemIds,
    parts: ['itemknn', 'popularity'],
    rank,
    rankMany: (questions, k) =>
      Promise.all(questions.map(({ history, exclude }) => rank(history, exclude, k))),
    generate: null,
    scoreItems,
    scoreWithout,
    scoreLinearWithout: scoreWithout, // nothing else is in it
    neighbours: (a, b) => knn.neighbours(a, b),
    support: (item) => knn.support(item),
    imagine: () => Promise.resolve(null), // counts of neighbours span no space
    semanticId: () => null,
  };
}
