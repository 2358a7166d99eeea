import { DomainError } from '../errors.js';
import type { Random } from '../random.js';
import { itemSpace } from '../semantic-ids/item-space.js';
import { buildTrie } from '../semantic-ids/trie.js';
import { extendRanker, lendersOf, withLentItems } from './extend-ranker.js';
import type { RankingData } from './part.js';
import type { RankerModel } from './ranker-artefact.js';
import type { StartCodes, StartTrunk } from './train-codes.js';
import type { TrunkConfig } from './trunk.js';

/** The model that training goes on from. Its items are the first of the data's, in its order. */
export interface StartModel {
  readonly model: RankerModel;
  /** Learn only what happened after this second, and a sample of the rest; null: learn from everything. */
  readonly since: number | null;
}

/** Trained parts over the items of the data, to go on from; null where the model has none that could be taken over. */
export interface StartParts {
  readonly trunk: StartTrunk | null;
  readonly codes: (StartCodes & { readonly config: TrunkConfig }) | null;
}

/**
 * Weights of an earlier model over the items of today. What is new stands where the items stand that it resembles: by content
 * where the model has codes from content, else by who meets it. Codes of new items need content; without it they are made anew.
 */
export function startFrom(model: RankerModel, data: RankingData, random: Random): StartParts {
  const known = model.itemIds.length;
  if (data.itemCount === known) return partsOf(model);
  const extended = withNewItems(model, data);
  if (extended !== null) return partsOf(extended);
  if (model.trunk === null) return { trunk: null, codes: null };
  const space = itemSpace(data, random);
  const [old, fresh] = [
    space.vectors.subarray(0, known * space.size),
    space.vectors.subarray(known * space.size),
  ];
  const lenders = { ...space, itemCount: known, vectors: old };
  return { trunk: withLentItems(model.trunk, lendersOf(lenders, fresh)), codes: null };
}

/** Null where new items have no content that the model reads, or its codes have no room for them. */
function withNewItems(model: RankerModel, { itemCount, content, titles }: RankingData): RankerModel | null {
  if (!content || !model.codes?.space.content) return null;
  const known = model.itemIds.length;
  const ids = Array.from({ length: itemCount - known }, (_, i) => `new ${i}`);
  const fresh = { ids, content: content.vectors.subarray(known * content.size) };
  try {
    return extendRanker(model, { ...fresh, ...(titles && { titles: titles.slice(known) }) });
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}

function partsOf({ trunk, codes }: RankerModel): StartParts {
  if (codes === null) return { trunk, codes: null };
  const { model, ids, tokenizer, space } = codes;
  const catalogue = { ids, tokenizer, space, trie: buildTrie(ids) };
  return { trunk, codes: { catalogue, weights: model.weights, config: model.config } };
}
