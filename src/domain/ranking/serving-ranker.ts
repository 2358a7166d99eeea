import type { NextItems } from './generate-session.js';
import type { HistoryContext } from './history-context.js';
import type { ImagineRequest } from './imagination.js';
import type { ImaginedItem } from './imagined-item.js';
import type { PartName } from './part.js';
import type { WithoutQuestion } from './score-without.js';

export interface RankedItem {
  /** Item number. */
  readonly item: number;
  /** Fused score, higher is better; comparable within one answer only. */
  readonly score: number;
  /** What each part gave to the fused score (already weighted); the fused score is their sum. */
  readonly parts: Readonly<Partial<Record<PartName, number>>>;
}

/** Whom to rank for: a history (item numbers, oldest first; may be empty) and what must not come. */
export interface RankQuestion {
  readonly history: Int32Array;
  readonly exclude: ReadonlySet<number>;
  /** As of `rank`. */
  readonly context?: HistoryContext;
}

/** A ranker ready to answer: trained (fusion of parts) or the closed-form baseline. Never returns an item outside its catalogue. */
export interface ServingRanker {
  /** Item ids by item number. */
  readonly itemIds: readonly string[];
  readonly parts: readonly PartName[];
  /** Whether the goal of a context changes its answers. */
  readonly readsGoals?: boolean;
  /**
   * The best k items for a history (item numbers, oldest first; may be empty) that are not excluded, best first. The context says when
   * and how the history came about and what is wanted; it changes nothing in rankers that were not trained with it.
   */
  rank(
    history: Int32Array,
    exclude: ReadonlySet<number>,
    k: number,
    context?: HistoryContext,
  ): Promise<readonly RankedItem[]>;
  /** The same for many people, in their order: several histories share one run of the models, which is what makes it cheaper. */
  rankMany(questions: readonly RankQuestion[], k: number): Promise<readonly (readonly RankedItem[])[]>;
  /** What `loadRanker` opens as the same ranker, in memory of its own; absent for rankers that are not made from one. */
  readonly artefact?: () => Uint8Array<ArrayBuffer>;
  /** The codes' own next items by constrained beam search, for lists made as one; null for rankers without codes. */
  readonly generate: NextItems | null;
  /** Fused scores of chosen items under several histories: (histories) x (items). */
  scoreItems(
    histories: readonly Int32Array[],
    items: Int32Array,
    contexts?: readonly HistoryContext[],
  ): Promise<Float32Array[]>;
  /**
   * Fused scores of chosen items under the whole history, under none, and with each of these places left out: (2 + places) x (items),
   * all on the scale of the whole history. What explanations are made from.
   */
  scoreWithout(question: WithoutQuestion): Promise<Float32Array[]>;
  /** The same by the parts that add up over entries alone: exact for them, and without reading the history again. */
  scoreLinearWithout(question: WithoutQuestion): Promise<Float32Array[]>;
  /** People in the training data who wanted both items. */
  neighbours(a: number, b: number): number;
  /** People in the training data who wanted the item. */
  support(item: number): number;
  /** The ideal next item as a vector beside what exists; null without a trunk, or for an empty history. */
  imagine(history: Int32Array, request: ImagineRequest): Promise<ImaginedItem | null>;
  /** The item's semantic id; null for items and rankers without codes. */
  semanticId(item: number): readonly number[] | null;
}
