import { type EaseModel, easePart, trainEase } from './ease.js';
import { type ItemKnnModel, itemKnnPart, trainItemKnn } from './item-knn.js';
import { halfTieRank, ndcgAt } from './metrics.js';
import type { RankingData, RankingPart } from './part.js';
import { popularityPart, type PopularityModel, trainPopularity } from './popularity.js';
import type { Protocol, Question } from './protocols.js';
import { scoreQuestions } from './score-questions.js';
import type { TileProduct } from './symmetric-inverse.js';
import type { Watch } from './watch.js';

/** The exam that settings are chosen by: a sample of the validation questions under the protocol. */
export interface Exam {
  readonly questions: readonly Question[];
  readonly protocol: Protocol;
  readonly watch?: Watch | undefined;
}

const DAY = 86_400;
const POPULARITY_WINDOWS = [Infinity, 90 * DAY, 30 * DAY, 7 * DAY] as const;

export type ChosenPopularity = PopularityModel & { readonly windowSeconds: number };

/** All-time counts, or those of the last days where they predict better and the source has times. */
export async function choosePopularity(train: RankingData, exam: Exam): Promise<ChosenPopularity> {
  const windows = train.times === undefined ? [Infinity] : POPULARITY_WINDOWS;
  const candidates = windows.map((windowSeconds) => ({
    ...trainPopularity(train, windowSeconds),
    windowSeconds,
  }));
  return bestOf(candidates, popularityPart, exam);
}

const KNN_SHRINKS = [0, 10, 50] as const;
const KNN_RECENCIES = [0.5, 0.7, 0.9] as const;

/** Counts once, then tries how much to mistrust rare pairs and how fast to forget. */
export async function chooseItemKnn(train: RankingData, exam: Exam): Promise<ItemKnnModel> {
  const model = trainItemKnn(train);
  const candidates = KNN_SHRINKS.flatMap((shrink) =>
    KNN_RECENCIES.map((recency) => ({ ...model, shrink, recency })),
  );
  return bestOf(candidates, itemKnnPart, exam);
}

/** λ as a multiple of the mean number of people an item has: 20 on Beauty and 1,000 on MovieLens-1M are 1.6 and 3.7 times it. */
const LAMBDA_MULTIPLES = [0.4, 1.6, 4, 10] as const;
const LAMBDA_OF_LARGE = 1.6;
/** Above this many items one inverse takes most of a minute, so λ follows the rule instead of a search. */
const SEARCHED_ITEMS = 6000;
const EASE_RECENCIES = [0.5, 0.6, 0.7, 0.8, 0.9] as const;

/** One inverse per λ; forgetting is applied when scoring and costs nothing to try. */
export async function chooseEase(train: RankingData, exam: Exam, product: TileProduct): Promise<EaseModel> {
  const events = train.sequences.reduce((sum, { length }) => sum + length, 0);
  const meanSupport = events / Math.max(train.itemCount, 1);
  const multiples = train.itemCount > SEARCHED_ITEMS ? [LAMBDA_OF_LARGE] : LAMBDA_MULTIPLES;
  const candidates: EaseModel[] = [];
  for (const multiple of multiples) {
    const lambda = Math.max(multiple * meanSupport, 0.5);
    const model = await trainEase(train, {
      lambda,
      recency: 1,
      product,
      ...(exam.watch && { watch: exam.watch }),
    });
    candidates.push(...EASE_RECENCIES.map((recency) => ({ ...model, recency })));
  }
  return bestOf(candidates, easePart, exam);
}

async function bestOf<Model>(
  candidates: readonly Model[],
  partOf: (model: Model) => RankingPart,
  exam: Exam,
): Promise<Model> {
  let best = { model: candidates[0] as Model, score: -1 };
  for (const model of candidates.length === 1 ? [] : candidates) {
    const score = await examScore(partOf(model), exam);
    if (score > best.score) best = { model, score };
  }
  return best.model;
}

/** Mean N@10 under the protocol. */
async function examScore(part: RankingPart, { questions, protocol }: Exam): Promise<number> {
  let sum = 0;
  await scoreQuestions(questions, { parts: [part], maxHistory: protocol.maxHistory }, (question, scores) => {
    const seen = new Set(protocol.removeSeen ? question.history : []);
    sum += ndcgAt(halfTieRank(scores[part.name] as Float32Array, question.target, seen), 10);
  });
  return sum / Math.max(questions.length, 1);
}
