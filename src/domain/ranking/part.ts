import type { HistoryContext } from './history-context.js';

/** The world as the ranker sees it: items are 0..itemCount-1 (numbered at random, since source ids leak order). */
export interface RankingData {
  readonly itemCount: number;
  /** One per person: item numbers in time order, oldest first. */
  readonly sequences: readonly Int32Array[];
  /** Seconds since the epoch beside each item of `sequences`, where the source has them. */
  readonly times?: readonly Float64Array[];
  /** What was done with each item of `sequences`, by the numbers of `actionOf`, where the source says it. */
  readonly actions?: readonly Int32Array[];
  /** Content vectors (itemCount x contentSize), row-major, L2-normalised; absent where items have no text. */
  readonly content?: { readonly vectors: Float32Array; readonly size: number };
  /** Title and topics of each item in words; absent where the source has none. */
  readonly titles?: readonly string[];
}

/** In the order in which they are trained and shown. */
export const PART_NAMES = ['popularity', 'trend', 'itemknn', 'ease', 'trunk', 'codes', 'diffusion'] as const;
export type PartName = (typeof PART_NAMES)[number];

/** One trained way of scoring. Every part is also reported alone, so that nobody hides behind the ensemble. */
export interface RankingPart {
  readonly name: PartName;
  /**
   * Scores of every item, higher is better, one array (itemCount) per history (item numbers, oldest first). Contexts, where the
   * caller has them, say when and how: a part reads of them what it was trained with. `into` are arrays that a part may write to and
   * answer with instead of new ones. Nobody else writes to an answer: a part may give the same array to all.
   */
  score(
    histories: readonly Int32Array[],
    contexts?: readonly HistoryContext[],
    into?: readonly Float32Array[],
  ): Promise<Float32Array[]>;
  /** What `score` gives to these items, (histories) x (items), where that is cheaper than scoring all. */
  scoreChosen?(
    histories: readonly Int32Array[],
    items: Int32Array,
    contexts?: readonly HistoryContext[],
  ): Promise<Float32Array[]>;
}
