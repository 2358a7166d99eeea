import { halfTieRank, ndcgAt } from './metrics.js';
import type { RankingPart } from './part.js';
import { scoreHeldOut } from './score-held-out.js';
import type { HeldOut } from './training.js';

/** Mean N@10 of the held-out items with seen items removed: what training stops by. */
export async function validateScores(
  score: RankingPart['score'],
  questions: readonly HeldOut[],
): Promise<number> {
  let sum = 0;
  await scoreHeldOut(score, questions, ({ history, target }, scores) => {
    sum += ndcgAt(halfTieRank(scores, target, new Set(history)), 10);
  });
  return questions.length === 0 ? 0 : sum / questions.length;
}
