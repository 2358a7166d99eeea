import { DomainError } from '../errors.js';
import type { Compute } from '../graph/compute.js';
import { type Random, seededRandom } from '../random.js';
import { type CodeChanges, codeChanges } from '../semantic-ids/code-changes.js';
import { type ItemSpace, itemSpace } from '../semantic-ids/item-space.js';
import { refreshIds } from '../semantic-ids/refresh-ids.js';
import { computeTileProduct } from './compute-tile-product.js';
import { evaluate, type ProtocolReport } from './evaluate.js';
import { extendRanker } from './extend-ranker.js';
import { type FittedFusion, fitFusions } from './fit-fusions.js';
import { itemKnnPart } from './item-knn.js';
import type { RankingData } from './part.js';
import { PROTOCOLS, type Split, splitData, protocolsFor } from './protocols.js';
import { openParts } from './ranker.js';
import type { CodeMigration, RankerModel } from './ranker-artefact.js';
import { withoutRepeats, withRealTimes } from './ranking-data.js';
import { renumberData } from './renumber-data.js';
import { supportsOf } from './together-counts.js';
import { byPopularity, type CodedCatalogue, codedWith, codeRecipeFor, trainCodes } from './train-codes.js';
import type { TrainingProgress } from './training.js';
import { countedAgain, type Linear, linearOf, newcomersOf } from './linear-parts.js';

/** Today's world, with the ids of its items. */
export interface Today {
  readonly data: RankingData;
  readonly itemIds: readonly string[];
}

export interface RefreshOptions {
  readonly seed: number;
  /** Name of the version whose codes are refreshed; it is kept with the migration. */
  readonly from: string;
  /** Most seconds that the decoder is fitted to the change. */
  readonly budgetSeconds: number;
  /** Milliseconds; only differences count. */
  readonly now: () => number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TrainingProgress) => void;
}

export interface RefreshedRanker {
  readonly model: RankerModel;
  readonly changes: CodeChanges;
  readonly reports: readonly ProtocolReport[];
  /** N@10 of the decoder on held-out people, with the new codes, before and after it was fitted to them. */
  readonly validation: { readonly before: number; readonly after: number };
}

type Coded = RankerModel & { readonly codes: NonNullable<RankerModel['codes']> };

/** The decoder is fitted to changed codes, not learned anew: few epochs at a quarter of the usual rate. */
const FIT = { learningRate: 5e-4, maxEpochs: 6, patience: 2 } as const;

/**
 * New codes for the catalogue of a trained ranker: learned from today's content and behaviour, with as few changes as fit allows.
 * Items keep their numbers and parts their weights; the decoder starts where it was; counts are counted again from all events.
 */
export async function refreshRanker(
  old: RankerModel,
  today: Today,
  compute: Compute,
  options: RefreshOptions,
): Promise<RefreshedRanker> {
  const random = seededRandom(options.seed).fork('refresh');
  const grown = withNewItems(old, today);
  const data = withoutRepeats(withRealTimes(renumberData(today.data, today.itemIds, grown.itemIds)));
  const [first] = protocolsFor(data);
  const split = splitData(data, PROTOCOLS[first]);
  const known = old.itemIds.length;
  const catalogue = refreshedCatalogue(grown, { data: split.train, known, today }, random);
  const { codes, validation } = await fitDecoder(grown, { catalogue, split }, compute, options);
  const migration = migrationOf(old as Coded, grown.itemIds.length, options.from);
  const coded = { ...grown, codes: { ...codes, migration } };
  const tiles = computeTileProduct(compute);
  try {
    const linear = linearOf(coded);
    const judged = counted(coded, await countedAgain(linear, split.train, tiles));
    const { reports, fusion } = await judge(judged, { split, data }, compute, random);
    const model = { ...counted(coded, await countedAgain(linear, data, tiles)), fusion };
    return { model, changes: changesOf(old as Coded, model), reports, validation };
  } finally {
    await tiles.dispose();
  }
}

function counted(model: Coded, { trend, ...linear }: Linear): Coded {
  return { ...model, ...linear, ...(trend && { trend }) };
}

/** The old ranker with what came since, so that every part knows every item of today. */
function withNewItems(old: RankerModel, { data, itemIds }: Today): Coded {
  if (old.codes === null)
    throw new DomainError('INVALID_INPUT', 'a ranker with codes was wanted, the live one has none');
  const known = new Set(old.itemIds);
  const fresh = itemIds.flatMap((id, item) => (known.has(id) ? [] : [item]));
  if (fresh.length === 0) return old as Coded;
  const { vectors, size } = data.content ?? { vectors: new Float32Array(), size: 0 };
  const content = new Float32Array(fresh.length * size);
  fresh.forEach((item, i) => content.set(vectors.subarray(item * size, (item + 1) * size), i * size));
  return extendRanker(old, {
    ids: fresh.map((item) => itemIds[item] as string),
    content,
    titles: fresh.map((item) => data.titles?.[item] ?? ''),
  }) as Coded;
}

interface Catalogue {
  readonly data: RankingData;
  /** Items of the old ranker; they come first. */
  readonly known: number;
  readonly today: Today;
}

function refreshedCatalogue(
  { codes, itemIds }: Coded,
  { data, known, today }: Catalogue,
  random: Random,
): CodedCatalogue {
  const size = data.content?.size ?? null;
  const wanted = codes.space.content?.from ?? null;
  if (size !== wanted)
    throw new DomainError(
      'INVALID_INPUT',
      `content of ${wanted ?? 'no'} numbers an item was wanted, ${size ?? 'no'} came: train again`,
    );
  const present = new Set(today.itemIds);
  const gone = itemIds.flatMap((id, item) => (present.has(id) ? [] : [item]));
  const space = keeping(itemSpace(data, random.fork('space'), codes.space), gone, codes.space);
  const given = { ids: codes.ids, known, space, order: byPopularity(data) };
  const { tokenizer, ids } = refreshIds(codes.tokenizer, given);
  return codedWith({ space, tokenizer }, ids);
}

/** Items that left the catalogue stay where they were: their codes are neither given away nor learned from. */
function keeping(space: ItemSpace, items: readonly number[], before: ItemSpace): ItemSpace {
  const vectors = space.vectors.slice();
  for (const item of items)
    vectors.set(before.vectors.subarray(item * space.size, (item + 1) * space.size), item * space.size);
  return { ...space, vectors };
}

/** `trainCodes` keeps the decoder that was there unless the fitted one is better on the same people. */
async function fitDecoder(
  { codes }: Coded,
  { catalogue, split }: { catalogue: CodedCatalogue; split: Split },
  compute: Pick<Compute, 'compile'>,
  options: RefreshOptions,
): Promise<Pick<RefreshedRanker, 'validation'> & { codes: Coded['codes'] }> {
  const { config, weights, decoder } = codes.model;
  const start = { catalogue, weights };
  const { temperature } = decoder;
  const recipe = { ...codeRecipeFor(split.train), ...FIT, config, temperature };
  const { validation, budgetSeconds, now, signal, onProgress, seed } = {
    ...options,
    validation: split.validation,
  };
  const fitted = await trainCodes(
    split.train,
    compute,
    {
      ...{ seed, validation, budgetSeconds, now, start },
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
    },
    recipe,
  );
  await fitted.dispose();
  const { ids, tokenizer, space } = catalogue;
  return {
    codes: { model: fitted.model, ids, tokenizer, space },
    validation: { before: fitted.startScore ?? 0, after: fitted.validation },
  };
}

async function judge(
  model: RankerModel,
  { split, data }: { split: Split; data: RankingData },
  compute: Compute,
  random: Random,
): Promise<{ reports: ProtocolReport[]; fusion: FittedFusion['fusion'] }> {
  const { parts, dispose } = await openParts(model, itemKnnPart(model.itemknn), compute);
  const [first, ...others] = protocolsFor(data).map((name) => PROTOCOLS[name]);
  if (first === undefined) throw new Error('no protocol fits the data');
  try {
    const protocols = [first, ...others] as const;
    const fusions = await fitFusions(
      split.validation,
      { parts, protocols, newcomers: newcomersOf(linearOf(model)) },
      random.fork('fusion'),
    );
    const reports = await evaluate(split.test, {
      parts,
      contests: protocols.map((protocol, p) => ({ protocol, fusion: (fusions[p] as FittedFusion).fusion })),
      supports: supportsOf(split.train.sequences, split.train.itemCount),
      knownPeople: split.train.sequences.length,
    });
    return { reports, fusion: (fusions[0] as FittedFusion).fusion };
  } finally {
    await dispose();
  }
}

function migrationOf({ codes: { ids } }: Coded, itemCount: number, from: string): CodeMigration {
  const before = new Uint16Array(itemCount * ids.levels);
  before.set(ids.digits);
  return { from, before, isKnown: new Uint8Array(itemCount).fill(1, 0, ids.itemCount) };
}

function changesOf(old: Coded, model: RankerModel): CodeChanges {
  return codeChanges(
    { ...old.codes.ids, itemIds: old.itemIds },
    { ...(model as Coded).codes.ids, itemIds: model.itemIds },
  );
}
