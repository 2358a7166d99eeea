import { halfTieRank, ndcgAt } from './metrics.js';
import type { RankingPart } from './part.js';
import { scoreHeldOut } from './score-held-out.js';
import type { HeldOut } from './training.js';

/** Mean N@10 of the held-out items with seen items removed: what training stops by. */
export async function validateScores(
  score: RankingPart['score'],
  questions: readonly HeldOut[],
): Promise<number> {
  const each = await ndcgOfEach(score, questions);
  return each.length === 0 ? 0 : each.reduce((sum, own) => sum + own, 0) / each.length;
}

/** N@10 of each question. */
export async function ndcgOfEach(
  score: RankingPart['score'],
  questions: readonly HeldOut[],
): Promise<Float64Array> {
  const out = new Float64Array(questions.length);
  await scoreHeldOut(score, questions, ({ history, target }, scores, q) => {
    out[q] = ndcgAt(halfTieRank(scores, target, new Set(history)), 10);
  });
  return out;
}
