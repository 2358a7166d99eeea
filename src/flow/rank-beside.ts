import { rankTogether } from '../domain/ranking/rank-together.js';
import type { RankQuestion, ServingRanker } from '../domain/ranking/serving-ranker.js';
import type { Ports, RankingThread } from './ports.js';

/** So many people at once are worth a second copy of the ranker: it takes 0.9 s to open, as long as some 300 people take. */
const WORTH_IT = 128;

export interface BesideRanking {
  /** As the ranker's own `rankMany`. */
  rankMany(
    ranker: ServingRanker,
    questions: readonly RankQuestion[],
    k: number,
  ): ReturnType<ServingRanker['rankMany']>;
  close(): Promise<void>;
}

interface Helper {
  readonly ranker: ServingRanker;
  readonly opened: Promise<RankingThread | null>;
  /** Null until it is open: nobody waits for it. */
  thread: RankingThread | null;
}

/**
 * Ranks on a second processor too as soon as a copy of the ranker is open there. A ranker without an artefact, and one that took
 * another's place on the way, ranks alone.
 */
export function rankBeside({ rankingThread, log }: Pick<Ports, 'rankingThread' | 'log'>): BesideRanking {
  let helper: Helper | null = null;
  const begin = (
    ranker: ServingRanker,
    open: NonNullable<Ports['rankingThread']>,
    artefact: Uint8Array<ArrayBuffer>,
  ) => {
    const opened = open(artefact).catch((error: unknown) => {
      log('ranking-thread-not-opened', { error });
      return null;
    });
    const begun: Helper = { ranker, opened, thread: null };
    void opened.then((thread) => (begun.thread = thread));
    return begun;
  };
  return {
    rankMany(ranker, questions, k) {
      if (questions.length >= WORTH_IT && ranker.artefact && rankingThread)
        helper ??= begin(ranker, rankingThread, ranker.artefact());
      const thread = helper?.ranker === ranker ? helper.thread : null;
      return thread ? rankTogether([ranker, thread], questions, k) : ranker.rankMany(questions, k);
    },
    async close() {
      await (await helper?.opened)?.close();
    },
  };
}
