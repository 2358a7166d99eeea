import { halfTieRank, ndcgAt } from './metrics.js';
import type { RankingPart } from './part.js';
import type { HeldOut } from './training.js';

/** Questions per call of the part: bounds the scores held at once to 12 MB at 12,000 items. */
const CHUNK = 256;

/** Mean N@10 of the held-out items with seen items removed: what training stops by. */
export async function validateScores(
  score: RankingPart['score'],
  questions: readonly HeldOut[],
): Promise<number> {
  let sum = 0;
  for (let from = 0; from < questions.length; from += CHUNK) {
    const chunk = questions.slice(from, from + CHUNK);
    const scores = await score(
      chunk.map(({ history }) => history),
      chunk.map(({ context = {} }) => context),
    );
    chunk.forEach(({ history, target }, i) => {
      sum += ndcgAt(halfTieRank(scores[i] as Float32Array, target, new Set(history)), 10);
    });
  }
  return questions.length === 0 ? 0 : sum / questions.length;
}
