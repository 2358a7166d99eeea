import type { Compute, Values } from '../../graph/compute.js';
import type { Random } from '../../random.js';
import { contextBefore, type HistoryContext } from '../history-context.js';
import { targetShares } from '../sampled-candidates.js';
import { scoreHeldOut } from '../score-held-out.js';
import { candidatesFor } from '../train-trunk.js';
import { trunkScorer } from '../trunk-scorer.js';
import type { TrunkConfig } from '../trunk.js';

/** What every objective learns from: the trained trunk and the people it was trained on. */
export interface TuningLesson {
  readonly compute: Pick<Compute, 'compile'>;
  readonly config: TrunkConfig;
  readonly weights: Values;
  readonly sequences: readonly Int32Array[];
  /** Beside the sequences, where times or actions are known. */
  readonly contexts?: readonly HistoryContext[];
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

/** A history that is asked after, and what is known beside it. */
export interface Asked {
  readonly history: Int32Array;
  readonly context?: HistoryContext;
}

/** A person's history with its times and actions; without them where it is not how the person's sequence begins. */
export function askedAfter(
  { sequences, contexts }: Pick<TuningLesson, 'sequences' | 'contexts'>,
  { person, history }: { readonly person: number; readonly history: Int32Array },
): Asked {
  const [sequence, context] = [sequences[person], contexts?.[person]];
  if (context === undefined || !history.every((item, i) => sequence?.[i] === item)) return { history };
  return { history, context: contextBefore(context, 0, history.length) };
}

/** Calls `visit` with the scores that these weights give for each history. */
export async function eachScored(
  { compute, config }: Pick<TuningLesson, 'compute' | 'config'>,
  weights: Values,
  asked: readonly Asked[],
  visit: (scores: Float32Array, index: number) => void,
): Promise<void> {
  const scorer = trunkScorer(compute, config, weights);
  try {
    const score = scorer.score.bind(scorer);
    await scoreHeldOut(score, asked, (_, scores, index) => visit(scores, index));
  } finally {
    await scorer.dispose();
  }
}
