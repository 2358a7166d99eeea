import { DomainError } from '../errors.js';
import type { Values } from '../graph/compute.js';
import type { ItemSpace } from '../semantic-ids/item-space.js';
import type { Codebooks, SemanticIds } from '../semantic-ids/residual-kmeans.js';
import { decodeTree, encodeTree } from './artefact-bytes.js';
import type { CodeModel } from './code-scorer.js';
import type { DiffusionModel } from './diffusion-model.js';
import type { EaseModel } from './ease.js';
import type { Fusion } from './fusion.js';
import type { ItemKnnModel } from './item-knn.js';
import type { PopularityModel } from './popularity.js';
import type { RankerRecipe } from './recipe.js';
import type { TrunkConfig } from './trunk.js';

/** What a ranker was made from and how good it is: enough to say why it is live, and to make it again. */
export interface RankerManifest {
  /** Hash of the events it was trained on. */
  readonly snapshot: string;
  readonly seed: number;
  /** What differed from the rule when it was made. */
  readonly recipe?: RankerRecipe;
  /** Measured on held-out people, e.g. `fusion.N10`. */
  readonly figures: Readonly<Record<string, number>>;
}

/** A trained ranker as plain data. Parts that were not trained (too little data, no time) are null. */
export interface RankerModel {
  readonly manifest: RankerManifest;
  /** Item ids by item number. */
  readonly itemIds: readonly string[];
  readonly fusion: Fusion;
  readonly popularity: PopularityModel;
  readonly itemknn: ItemKnnModel;
  readonly ease: EaseModel | null;
  readonly trunk: { readonly config: TrunkConfig; readonly weights: Values } | null;
  readonly codes: {
    readonly model: CodeModel;
    readonly ids: SemanticIds;
    readonly books: Codebooks;
    readonly space: ItemSpace;
  } | null;
  /** Absent from artefacts made before there was such a part. */
  readonly diffusion?: DiffusionModel | null;
}

/** The whole ranker as one array of bytes: one blob to store, one hash to pin. */
export function encodeRanker(model: RankerModel): Uint8Array {
  return encodeTree(model);
}

export function decodeRanker(bytes: Uint8Array): RankerModel {
  const model = decodeTree(bytes) as Partial<RankerModel>;
  if (!Array.isArray(model.itemIds) || model.fusion === undefined || model.manifest === undefined) {
    throw new DomainError('INVALID_INPUT', 'not a ranker artefact: items, fusion or manifest are missing');
  }
  return model as RankerModel;
}
