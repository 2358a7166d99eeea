import type { CatalogueId, ItemId } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import type { ModelVersion } from '../domain/model-version.js';
import type { ServingRanker } from '../domain/ranking/serving-ranker.js';

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
}

export interface RankerPool {
  view(catalogueId: CatalogueId): Promise<RankingView>;
}
