import { DomainError } from '../errors.js';
import { coldVectors, type ItemSpace } from '../semantic-ids/item-space.js';
import { nearestRows } from '../semantic-ids/nearest-rows.js';
import { normaliseRows } from '../semantic-ids/normalise-rows.js';
import type { SemanticIds } from '../semantic-ids/residual-kmeans.js';
import { tokenize } from '../semantic-ids/tokenizer.js';
import type { DiffusionModel } from './diffusion-model.js';
import type { RankerModel } from './ranker-artefact.js';
import type { SparseRows } from './sparse-rows.js';
import type { StartTrunk } from './train-codes.js';

export interface NewItems {
  readonly ids: readonly string[];
  /** Content vectors, row-major, made as those of training were. */
  readonly content: Float32Array;
  /** Title and topics, where the ranker's codes are made of words. */
  readonly titles?: readonly string[];
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
  const { space, tokenizer, ids } = model.codes;
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
  const lenders = lendersOf(space, vectors);
  const codes = withNewCodes(model.codes, tokenize(tokenizer, { vectors, texts: items.titles, order }, ids));
  return {
    ...model,
    itemIds: [...model.itemIds, ...items.ids],
    popularity: { ...model.popularity, counts: grown(model.popularity.counts, count) },
    ...(model.trend && {
      trend: { ...model.trend, scores: model.trend.scores.map((own) => grown(own, count)) },
    }),
    itemknn: {
      ...model.itemknn,
      together: withEmptyRows(model.itemknn.together, count),
      supports: grown(model.itemknn.supports, count),
    },
    ease: model.ease && { ...model.ease, weights: withEmptyRows(model.ease.weights, count) },
    trunk: model.trunk && withLentItems(model.trunk, lenders),
    ...(model.diffusion && { diffusion: withLentVectors(model.diffusion, lenders) }),
    codes: {
      ...codes,
      model: { ...codes.model, ...withLentItems(codes.model, lenders) },
    },
  };
}

/** Items placed before answers get a turn: each is compared with every trained one. */
const AT_ONCE = 64;

/** The same in steps, with a pause after each: the result does not depend on them. */
export async function extendInSteps(
  model: RankerModel,
  { ids, content, titles }: NewItems,
  breathe: () => Promise<void> = () => Promise.resolve(),
): Promise<RankerModel> {
  const size = content.length / Math.max(1, ids.length);
  let grown = model;
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const to = from + AT_ONCE;
    const step = { ids: ids.slice(from, to), content: content.subarray(from * size, to * size) };
    grown = extendRanker(grown, { ...step, ...(titles && { titles: titles.slice(from, to) }) });
    await breathe();
  }
  return grown;
}

function isCoded(model: RankerModel): model is Coded {
  return model.codes !== null;
}

/** The decoder knows the digits it was trained with; one beyond them would score at random. */
function withNewCodes(codes: Coded['codes'], ids: SemanticIds): Coded['codes'] {
  const { radix } = codes.model.decoder;
  if (ids.radix.every((values, level) => values <= (radix[level] as number))) return { ...codes, ids };
  throw new DomainError('INVALID_INPUT', 'the codes are full: train again to make room for new items');
}

/** For each new item the known ones that it resembles, by how much. */
export type Lenders = ReturnType<typeof nearestRows>[];

/** Only items of the training lend, so that it does not matter in how many steps later ones arrive. */
export function lendersOf({ vectors: rows, size }: ItemSpace, vectors: Float32Array): Lenders {
  return Array.from({ length: vectors.length / size }, (_, i) =>
    nearestRows(vectors.subarray(i * size, (i + 1) * size), { rows, stride: size }, LENDERS),
  );
}

/** A trunk with rows for items that it has not met. */
export function withLentItems(trunk: StartTrunk, lenders: Lenders): StartTrunk {
  const { width, itemCount } = trunk.config;
  const table = trunk.weights['items.weight'] as Float32Array;
  return {
    config: { ...trunk.config, itemCount: itemCount + lenders.length },
    weights: { ...trunk.weights, 'items.weight': joined(table, lentRows(table, width, lenders)) },
  };
}

/** DiffRec's own vectors; the other ways to imagine look at the trunk's. */
function withLentVectors(model: DiffusionModel, lenders: Lenders): DiffusionModel {
  if (model.items === null) return model;
  const { rows, size } = model.items;
  const lent = normaliseRows(lentRows(rows, size, lenders), size);
  return {
    ...model,
    items: { size, rows: joined(rows, lent), itemCount: (rows.length + lent.length) / size },
  };
}

/** For each new item a row: the mean of its lenders' rows, by resemblance. */
function lentRows(table: Float32Array, width: number, lenders: Lenders): Float32Array {
  const lent = new Float32Array(lenders.length * width);
  lenders.forEach((own, i) => {
    const total = own.reduce((sum, { similarity }) => sum + similarity, 0);
    for (const { row, similarity } of own) {
      for (let c = 0; c < width; c++) {
        const add = (similarity / total) * (table[row * width + c] as number);
        lent[i * width + c] = (lent[i * width + c] as number) + add;
      }
    }
  });
  return lent;
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
