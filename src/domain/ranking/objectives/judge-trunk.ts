import { halfTieRank, hitAt, listQuality, ndcgAt } from '../metrics.js';
import type { RankingPart } from '../part.js';
import { scoreHeldOut } from '../score-held-out.js';
import { topItems } from '../top-items.js';
import type { HeldOut } from '../training.js';

/** Quality of a trunk's answers, and how much they lean to what is popular anyway. */
export interface TrunkFigures {
  readonly R10: number;
  readonly N10: number;
  /** Of how often each item stands in a top 10: 0 = all alike, 1 = one item everywhere. */
  readonly gini: number;
  /** Mean share of the people who had a shown item. */
  readonly meanPopularity: number;
}

export interface Judgement {
  readonly figures: TrunkFigures;
  /** N@10 of each question, for paired comparison. */
  readonly gains: Float64Array;
}

export interface Jury {
  readonly questions: readonly HeldOut[];
  /** People who had each item, and how many people there are. */
  readonly supports: Int32Array;
  readonly people: number;
}

/** Answers the held-out questions with seen items removed, and judges ranks and lists. */
export async function judgeTrunk(
  score: RankingPart['score'],
  { questions, supports, people }: Jury,
): Promise<Judgement> {
  const gains = new Float64Array(questions.length);
  const exposure = new Float64Array(supports.length);
  let [hits, popularity, shown] = [0, 0, 0];
  await scoreHeldOut(score, questions, ({ history, target }, own, index) => {
    const seen = new Set(history);
    const rank = halfTieRank(own, target, seen);
    gains[index] = ndcgAt(rank, 10);
    hits += hitAt(rank, 10);
    for (const item of topItems(own, 10, seen)) {
      exposure[item] = (exposure[item] as number) + 1;
      popularity += (supports[item] as number) / Math.max(people, 1);
      shown++;
    }
  });
  const count = Math.max(questions.length, 1);
  const figures = {
    R10: hits / count,
    N10: gains.reduce((sum, gain) => sum + gain, 0) / count,
    gini: listQuality(exposure, supports, people).gini,
    meanPopularity: popularity / Math.max(shown, 1),
  };
  return { figures, gains };
}

/** Whether `after` is worse than `before` by more than one standard error of the mean difference, question by question. */
export function isWorse(after: Judgement, before: Judgement): boolean {
  const n = after.gains.length;
  if (n < 2) return after.figures.N10 < before.figures.N10;
  const differences = after.gains.map((gain, i) => gain - (before.gains[i] as number));
  const mean = differences.reduce((sum, d) => sum + d, 0) / n;
  const variance = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (n - 1);
  return mean < -Math.sqrt(variance / n);
}
