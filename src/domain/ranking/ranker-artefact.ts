import { DomainError } from '../errors.js';
import type { Values } from '../graph/compute.js';
import type { ItemSpace } from '../semantic-ids/item-space.js';
import type { Codebooks, SemanticIds } from '../semantic-ids/residual-kmeans.js';
import type { Tokenizer } from '../semantic-ids/tokenizer.js';
import { decodeTree, encodeTree } from './artefact-bytes.js';
import type { CodeModel } from './code-model.js';
import type { DiffusionModel } from './diffusion-model.js';
import type { EaseModel } from './ease.js';
import type { Fusion } from './fusion.js';
import type { ItemKnnModel } from './item-knn.js';
import type { PopularityModel } from './popularity.js';
import type { RankerRecipe } from './recipe.js';
import type { CodeStudent } from './served-codes.js';
import type { TrendModel } from './trend.js';
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
  /** Absent where events have no times. */
  readonly trend?: TrendModel;
  readonly itemknn: ItemKnnModel;
  readonly ease: EaseModel | null;
  readonly trunk: { readonly config: TrunkConfig; readonly weights: Values } | null;
  readonly codes: {
    readonly model: CodeModel;
    /** What answers instead of the model's own decoder, where one was distilled and loses nothing. */
    readonly student?: CodeStudent;
    readonly ids: SemanticIds;
    readonly tokenizer: Tokenizer;
    readonly space: ItemSpace;
    /** What became of the codes of the version that these were refreshed from. */
    readonly migration?: CodeMigration;
  } | null;
  /** Absent from artefacts made before there was such a part. */
  readonly diffusion?: DiffusionModel | null;
}

/** Old codes beside new ones: whoever stored codes of the old version finds the new ones here. */
export interface CodeMigration {
  /** The version whose codes these were. */
  readonly from: string;
  /** The codes before, in the order of `itemIds`; zeros for an item that had none. */
  readonly before: Uint16Array; // (itemCount, levels)
  /** 1 for an item that had a code. */
  readonly isKnown: Uint8Array; // (itemCount)
}

/** The whole ranker as one array of bytes: one blob to store, one hash to pin. */
export function encodeRanker(model: RankerModel): Uint8Array<ArrayBuffer> {
  return encodeTree(model);
}

export function decodeRanker(bytes: Uint8Array): RankerModel {
  const model = decodeTree(bytes) as Partial<RankerModel>;
  if (!Array.isArray(model.itemIds) || model.fusion === undefined || model.manifest === undefined) {
    throw new DomainError('INVALID_INPUT', 'not a ranker artefact: items, fusion or manifest are missing');
  }
  return withTokenizer(model as RankerModel);
}

/** Artefacts from before there was a choice of tokenizers hold the books of residual codes only. */
function withTokenizer(model: RankerModel): RankerModel {
  const { codes } = model;
  const books = (codes as { readonly books?: Codebooks } | null)?.books;
  if (codes === null || books === undefined) return model;
  return { ...model, codes: { ...codes, tokenizer: { kind: 'residual', books } } };
}
