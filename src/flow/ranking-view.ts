import type { CatalogueId, ItemId } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import type { ModelVersion } from '../domain/model-version.js';
import type { ServingRanker } from '../domain/ranking/serving-ranker.js';
import type { Served, ServedRequest } from '../domain/recommendation.js';

/** What answering for one catalogue needs in memory: the ranker that answers now, and the items with their vectors. */
export interface RankingView {
  readonly catalogueId: CatalogueId;
  readonly ranker: ServingRanker;
  /** The live model; null while the closed-form baseline answers. */
  readonly model: ModelVersion | null;
  readonly items: ReadonlyMap<ItemId, Item>;
  readonly vectors: ReadonlyMap<ItemId, Float32Array>;
  readonly numberOf: ReadonlyMap<string, number>;
  /** Rankable items that the ranker has not seen in training. */
  readonly cold: readonly ItemId[];
  /** A model that answers the same requests unseen; null where none is in the shadow. */
  readonly shadow: ShadowSeat | null;
}

/** A model that answers beside the live one and is seen by nobody. */
export interface ShadowSeat {
  /** Takes the request if there is time for it, and returns at once. `answer` places what a view's ranker finds, as for the person. */
  offer(request: ServedRequest, answer: (view: RankingView) => Promise<readonly Served[]>): void;
}

export interface RankerPool {
  view(catalogueId: CatalogueId): Promise<RankingView>;
}
