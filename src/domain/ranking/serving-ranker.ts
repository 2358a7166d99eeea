import type { NextItems } from './generate-session.js';
import type { PartName } from './part.js';

export interface RankedItem {
  /** Item number. */
  readonly item: number;
  /** Fused score, higher is better; comparable within one answer only. */
  readonly score: number;
  /** What each part gave to the fused score (already weighted); the fused score is their sum. */
  readonly parts: Readonly<Partial<Record<PartName, number>>>;
}

/** A ranker ready to answer: trained (fusion of parts) or the closed-form baseline. Never returns an item outside its catalogue. */
export interface ServingRanker {
  /** Item ids by item number. */
  readonly itemIds: readonly string[];
  readonly parts: readonly PartName[];
  /** The best k items for a history (item numbers, oldest first; may be empty) that are not excluded, best first. */
  rank(history: Int32Array, exclude: ReadonlySet<number>, k: number): Promise<readonly RankedItem[]>;
  /** The codes' own next items by constrained beam search, for lists made as one; null for rankers without codes. */
  readonly generate: NextItems | null;
  /** Fused scores of chosen items under several histories: (histories) x (items). Explanations leave entries out with it. */
  scoreItems(histories: readonly Int32Array[], items: Int32Array): Promise<Float32Array[]>;
  /** People in the training data who wanted both items. */
  neighbours(a: number, b: number): number;
  /** People in the training data who wanted the item. */
  support(item: number): number;
  /** The item's semantic id; null for items and rankers without codes. */
  semanticId(item: number): readonly number[] | null;
}
