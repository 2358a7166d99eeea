import type { RankedItem, RankQuestion, ServingRanker } from './serving-ranker.js';

/**
 * Deals questions out to rankers that give the same answers, each on a processor of its own, and puts the answers into the order of the
 * questions. Dealt by length like cards, so that all are done at about the same time.
 */
export async function rankTogether(
  rankers: readonly Pick<ServingRanker, 'rankMany'>[],
  questions: readonly RankQuestion[],
  k: number,
): Promise<(readonly RankedItem[])[]> {
  const lengthOf = (place: number) => questions[place]?.history.length ?? 0;
  const byLength = [...questions.keys()].sort((a, b) => lengthOf(a) - lengthOf(b));
  const answers = questions.map((): readonly RankedItem[] => []);
  await Promise.all(
    rankers.map(async (ranker, r) => {
      const own = byLength.filter((_, i) => i % rankers.length === r);
      const ranked = await ranker.rankMany(
        own.map((place) => questions[place] as RankQuestion),
        k,
      );
      own.forEach((place, i) => (answers[place] = ranked[i] ?? []));
    }),
  );
  return answers;
}
