import type { Values } from '../graph/compute.js';
import type { FoundItem } from './beam-search.js';
import type { DecoderConfig } from './depth-decoder.js';
import type { HistoryContext } from './history-context.js';
import type { RankingPart } from './part.js';
import type { TrunkConfig } from './trunk.js';

/** A trained generative model over codes. What it predicts are digits: the catalogue is handed to the scorer. */
export interface CodeModel {
  readonly config: TrunkConfig;
  readonly decoder: DecoderConfig;
  readonly weights: Values;
}

export interface SearchOptions {
  readonly taken?: ReadonlySet<number>;
  /** How the histories came about, one each, where that is known. */
  readonly contexts?: readonly HistoryContext[];
}

export interface CodeScorer {
  /** Log-probability of every item (itemCount) per history; with beams exact for those found, the rest shares what is left. */
  score: RankingPart['score'];
  /** The same of a few items, (histories) x (items); where all are scored exactly. */
  scoreChosen?: NonNullable<RankingPart['scoreChosen']>;
  /** The `few` likeliest items that are not taken, by beam search, without looking at the rest of the catalogue. */
  search(histories: readonly Int32Array[], few: number, options?: SearchOptions): Promise<FoundItem[][]>;
  dispose(): Promise<void>;
}
