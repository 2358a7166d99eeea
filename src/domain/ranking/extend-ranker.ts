import { DomainError } from '../errors.js';
import { coldVectors } from '../semantic-ids/item-space.js';
import { nearestRows } from '../semantic-ids/nearest-rows.js';
import { assignSemanticIds } from '../semantic-ids/residual-kmeans.js';
import type { RankerModel } from './ranker-artefact.js';
import type { SparseRows } from './sparse-rows.js';
import type { StartTrunk } from './train-codes.js';

export interface NewItems {
  readonly ids: readonly string[];
  /** Content vectors, row-major, made as those of training were. */
  readonly content: Float32Array;
}

type Coded = RankerModel & { readonly codes: NonNullable<RankerModel['codes']> };

/** Items of the catalogue that lend a new item their place in the trunk. */
const LENDERS = 5;

/**
 * A ranker that also knows items which came after training: codes from their content at once; in the trunk they stand where the
 * items stand that they resemble; nobody has met them yet, so neighbours and popularity say nothing of them.
 */
export function extendRanker(model: RankerModel, items: NewItems): RankerModel {
  if (!isCoded(model) || model.codes.space.content === null) {
    throw new DomainError('INVALID_INPUT', 'new items need a ranker with codes made from content');
  }
  const { space, books, ids } = model.codes;
  const count = items.ids.length;
  const vectors = coldVectors(space, items.content);
  if (vectors.length !== count * space.size) {
    const wanted = `${count} x ${space.content?.from ?? 0}`;
    throw new DomainError(
      'INVALID_INPUT',
      `content of ${wanted} was wanted, got ${items.content.length} numbers`,
    );
  }
  const order = Int32Array.from({ length: count }, (_, i) => i);
  return {
    ...model,
    itemIds: [...model.itemIds, ...items.ids],
    popularity: { counts: grown(model.popularity.counts, count) },
    itemknn: {
      ...model.itemknn,
      together: withEmptyRows(model.itemknn.together, count),
      supports: grown(model.itemknn.supports, count),
    },
    ease: model.ease && { ...model.ease, weights: withEmptyRows(model.ease.weights, count) },
    trunk: model.trunk && withLentItems(model.trunk, space.vectors, vectors),
    codes: {
      ...model.codes,
      model: { ...model.codes.model, ...withLentItems(model.codes.model, space.vectors, vectors) },
      ids: assignSemanticIds(books, vectors, order, ids),
      space: { ...space, itemCount: space.itemCount + count, vectors: joined(space.vectors, vectors) },
    },
  };
}

function isCoded(model: RankerModel): model is Coded {
  return model.codes !== null;
}

/** A trunk with rows for items that it has not met: each a mean of those it resembles by `vectors`, weighted by how much. */
export function withLentItems(trunk: StartTrunk, known: Float32Array, vectors: Float32Array): StartTrunk {
  const { width, itemCount } = trunk.config;
  const size = known.length / itemCount;
  const count = vectors.length / size;
  const table = trunk.weights['items.weight'] as Float32Array;
  const lent = new Float32Array(count * width);
  for (let i = 0; i < count; i++) {
    const lenders = nearestRows(
      vectors.subarray(i * size, (i + 1) * size),
      { rows: known, stride: size },
      LENDERS,
    );
    const total = lenders.reduce((sum, { similarity }) => sum + similarity, 0);
    for (const { row, similarity } of lenders) {
      for (let c = 0; c < width; c++) {
        const add = (similarity / total) * (table[row * width + c] as number);
        lent[i * width + c] = (lent[i * width + c] as number) + add;
      }
    }
  }
  return {
    config: { ...trunk.config, itemCount: itemCount + count },
    weights: { ...trunk.weights, 'items.weight': joined(table, lent) },
  };
}

function withEmptyRows(rows: SparseRows, count: number): SparseRows {
  const { rowStart } = rows;
  const longer = new Int32Array(rowStart.length + count).fill(rowStart[rowStart.length - 1] as number);
  longer.set(rowStart);
  return { ...rows, rowStart: longer };
}

function grown<A extends Float32Array | Int32Array>(values: A, count: number): A {
  const out = new (values.constructor as new (length: number) => A)(values.length + count);
  out.set(values);
  return out;
}

function joined(a: Float32Array, b: Float32Array): Float32Array {
  const out = new Float32Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}
