import type { RankingPart } from './part.js';
import type { HeldOut } from './training.js';

/** Questions per call of the part: bounds the scores held at once to 12 MB at 12,000 items. */
const CHUNK = 256;

/** Scores the catalogue for each held-out question, a chunk of them at a time, and hands each over with its index. */
export async function scoreHeldOut<Question extends Pick<HeldOut, 'history' | 'context'>>(
  score: RankingPart['score'],
  questions: readonly Question[],
  take: (question: Question, scores: Float32Array, index: number) => void,
): Promise<void> {
  for (let from = 0; from < questions.length; from += CHUNK) {
    const chunk = questions.slice(from, from + CHUNK);
    const scores = await score(
      chunk.map(({ history }) => history),
      chunk.map(({ context = {} }) => context),
    );
    chunk.forEach((question, i) => {
      take(question, scores[i] as Float32Array, from + i);
    });
  }
}
