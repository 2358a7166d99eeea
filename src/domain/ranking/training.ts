import type { ItemSpace } from '../semantic-ids/item-space.js';
import type { HistoryContext } from './history-context.js';
import type { PartName } from './part.js';

/** After this history, this item came next. */
export interface HeldOut {
  readonly history: Int32Array;
  readonly target: number;
  readonly context?: HistoryContext;
}

export interface TrainingProgress {
  readonly part: PartName;
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  readonly loss: number;
  /** N@10 on held-out people, on the steps that were validated. */
  readonly validation?: number;
}

export interface TrainingOptions {
  readonly seed: number;
  /** Questions that decide when to stop; a part of the people's last items is held out where none are given. */
  readonly validation?: readonly HeldOut[];
  /** Item vectors of the same data, where the caller has them already: trunk and codes start from the same ones. */
  readonly space?: ItemSpace;
  /** Seconds after which training ends with the best weights so far; needs `now`. */
  readonly budgetSeconds?: number;
  /** Milliseconds; only differences count. */
  readonly now?: () => number;
  readonly maxEpochs?: number;
  readonly onProgress?: (progress: TrainingProgress) => void;
  readonly signal?: AbortSignal;
}
