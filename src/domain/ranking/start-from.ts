import { buildTrie } from '../semantic-ids/trie.js';
import { codeHealth } from '../semantic-ids/code-health.js';
import { itemSpace } from '../semantic-ids/item-space.js';
import type { Random } from '../random.js';
import { extendRanker, withLentItems } from './extend-ranker.js';
import type { RankingData } from './part.js';
import type { RankerModel } from './ranker-artefact.js';
import type { CodedCatalogue, StartTrunk } from './train-codes.js';
import type { CodeModel } from './code-scorer.js';

/** The model that training goes on from. Its items are the first of the data's, in its order. */
export interface StartModel {
  readonly model: RankerModel;
  /** Learn only what happened after this second, and a sample of the rest; null: learn from everything. */
  readonly since: number | null;
}

/** Trained parts over the items of the data, to go on from; null where the model has none that could be taken over. */
export interface StartParts {
  readonly trunk: StartTrunk | null;
  readonly codes: { readonly model: CodeModel; readonly catalogue: CodedCatalogue } | null;
}

/**
 * Weights of an earlier model over the items of today. What is new stands where the items stand that it resembles: by content
 * where the model has codes from content, else by who meets it. Codes of new items need content; without it they are made anew.
 */
export function startFrom(model: RankerModel, data: RankingData, random: Random): StartParts {
  const known = model.itemIds.length;
  const count = data.itemCount - known;
  if (count === 0) return partsOf(model);
  const { content } = data;
  if (content && model.codes?.space.content) {
    const ids = Array.from({ length: count }, (_, i) => `new ${i}`);
    return partsOf(extendRanker(model, { ids, content: content.vectors.subarray(known * content.size) }));
  }
  if (model.trunk === null) return { trunk: null, codes: null };
  const { size, vectors } = itemSpace(data, random);
  const [old, fresh] = [vectors.subarray(0, known * size), vectors.subarray(known * size)];
  return { trunk: withLentItems(model.trunk, old, fresh), codes: null };
}

function partsOf({ trunk, codes }: RankerModel): StartParts {
  if (codes === null) return { trunk, codes: null };
  const { model, ids, books, space } = codes;
  const catalogue = { ids, books, space, trie: buildTrie(ids), health: codeHealth(ids) };
  return { trunk, codes: { model, catalogue } };
}
