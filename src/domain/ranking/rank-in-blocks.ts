import { bucketOf } from './history-buckets.js';
import type { RankedItem, RankQuestion } from './serving-ranker.js';

/** People whose scores are in memory at once: five parts of 12,000 items are 240 kB a person, of 100,000 items 2 MB. */
const MOST = 128;

/**
 * Ranks in blocks of people whose histories fall into one bucket, for there the same parts count, the shortest first: histories of
 * like length pack well. Answers come in the order of the questions.
 */
export async function rankInBlocks(
  questions: readonly RankQuestion[],
  rankBlock: (block: readonly RankQuestion[]) => Promise<readonly (readonly RankedItem[])[]>,
): Promise<(readonly RankedItem[])[]> {
  const answers = questions.map((): readonly RankedItem[] => []);
  for (const places of blocksOf(questions)) {
    const ranked = await rankBlock(places.map((place) => questions[place] as RankQuestion));
    places.forEach((place, i) => (answers[place] = ranked[i] ?? []));
  }
  return answers;
}

/** Places of the questions, block by block. */
function blocksOf(questions: readonly RankQuestion[]): number[][] {
  const lengthOf = (place: number) => questions[place]?.history.length ?? 0;
  const blocks: number[][] = [];
  for (const place of [...questions.keys()].sort((a, b) => lengthOf(a) - lengthOf(b))) {
    const open = blocks.at(-1);
    const fits = open && open.length < MOST && bucketOf(lengthOf(open[0] ?? 0)) === bucketOf(lengthOf(place));
    if (fits) open.push(place);
    else blocks.push([place]);
  }
  return blocks;
}
