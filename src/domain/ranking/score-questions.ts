import { newestOf } from './history-context.js';
import type { PartName, RankingPart } from './part.js';
import type { Question } from './protocols.js';
import { beat, type Watch } from './watch.js';

/** Raw scores of every part for one question. */
export type PartScores = Partial<Record<PartName, Float32Array>>;

/** Questions scored at once: five parts of 12,000 items are 15 MB. */
const BATCH = 64;

/** Streams questions through all parts, so that no more than one batch of scores is in memory. */
export async function scoreQuestions(
  questions: readonly Question[],
  {
    parts,
    maxHistory,
    watch,
  }: { parts: readonly RankingPart[]; maxHistory: number; watch?: Watch | undefined },
  visit: (question: Question, scores: PartScores, index: number) => void,
): Promise<void> {
  for (let from = 0; from < questions.length; from += BATCH) {
    const batch = questions.slice(from, from + BATCH);
    const histories = batch.map(({ history }) => history.subarray(-maxHistory));
    const contexts = batch.map(({ context = {} }) => newestOf(context, maxHistory));
    const scores: Partial<Record<PartName, Float32Array[]>> = {};
    for (const part of parts) scores[part.name] = await part.score(histories, contexts);
    batch.forEach((question, i) => {
      const own: PartScores = {};
      for (const { name } of parts) own[name] = scores[name]?.[i] as Float32Array;
      visit(question, own, from + i);
    });
    await beat(watch, Math.min(from + BATCH, questions.length) / questions.length);
  }
}
