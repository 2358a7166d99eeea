import type { Compute, Values } from '../../graph/compute.js';
import type { Random } from '../../random.js';
import { targetShares } from '../sampled-candidates.js';
import { candidatesFor } from '../train-trunk.js';
import { trunkScorer } from '../trunk-scorer.js';
import type { TrunkConfig } from '../trunk.js';

/** What every objective learns from: the trained trunk and the people it was trained on. */
export interface TuningLesson {
  readonly compute: Pick<Compute, 'compile'>;
  readonly config: TrunkConfig;
  readonly weights: Values;
  readonly sequences: readonly Int32Array[];
  readonly random: Random;
}

/** Tokens of a step: a second stage has few steps a round, and smaller batches give it more of them. */
const TOKENS = 2048;
/** Histories of a step that losses compare. */
const MOST = 128;

export function tuningShape({ history, itemCount }: TrunkConfig) {
  const rows = Math.max(2, Math.round(TOKENS / history));
  return { rows, length: history, most: MOST, candidates: candidatesFor(itemCount, rows * history) };
}

/** How the next-item softmax of a step samples, see `nextItemFeeds`. */
export function samplingOf({ config, sequences }: TuningLesson) {
  return { shares: targetShares(sequences, config.itemCount), count: tuningShape(config).candidates };
}

const CHUNK = 256;

/** Calls `visit` with the scores that these weights give for each history. */
export async function eachScored(
  { compute, config }: Pick<TuningLesson, 'compute' | 'config'>,
  weights: Values,
  histories: readonly Int32Array[],
  visit: (scores: Float32Array, index: number) => void,
): Promise<void> {
  const scorer = trunkScorer(compute, config, weights);
  try {
    for (let from = 0; from < histories.length; from += CHUNK) {
      const scores = await scorer.score(histories.slice(from, from + CHUNK));
      scores.forEach((own, i) => visit(own, from + i));
    }
  } finally {
    await scorer.dispose();
  }
}
