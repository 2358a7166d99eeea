import type { CatalogueId, ItemId, PersonId } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import { cleanEvents, type IgnoredEvents } from '../domain/ranking/clean-events.js';
import type { RankingData } from '../domain/ranking/part.js';
import { loadSequences } from './load-sequences.js';
import type { Ports } from './ports.js';
import { snapshotHash } from './snapshot-hash.js';

export interface TrainingData {
  readonly data: RankingData;
  /** Item ids by item number; numbered at random, since source ids leak order. */
  readonly itemIds: readonly ItemId[];
  /** The person of each sequence. */
  readonly personIds: readonly PersonId[];
  readonly people: number;
  /** Events that are learned from. */
  readonly events: number;
  /** SHA-256 of the events and items. */
  readonly snapshot: string;
  /** Time of the newest event, in seconds. */
  readonly until: number;
  readonly ignored: IgnoredEvents;
}

/**
 * Store -> ranker's world: what people wanted, in time order, over the items that may be ranked now. `known` items keep their
 * numbers, the first ones, for a training that goes on from an earlier model.
 */
export async function loadTrainingData(
  { stores, clock }: Pick<Ports, 'stores' | 'clock'>,
  catalogueId: CatalogueId,
  seed: number,
  known: readonly ItemId[] = [],
): Promise<TrainingData> {
  const hash = snapshotHash();
  const { items, itemIds, personIds, sequences, times, actions } = await loadSequences(
    { stores, clock },
    catalogueId,
    { seed, known, onPerson: (rows) => hash.events(rows) },
  );
  const vectors = await stores.items.allVectors(catalogueId);
  hash.items(
    items.map(({ id }) => id),
    vectors,
  );
  const content = contentVectors(vectors, itemIds);
  const titleById = new Map(items.map((item) => [item.id, titleOf(item)]));
  const titles = itemIds.map((id) => titleById.get(id) ?? '');
  const source = {
    ...{ itemCount: itemIds.length, sequences, times, actions, titles },
    ...(content ? { content } : {}),
  };
  const { data, ignored } = cleanEvents(source, clock.now().getTime() / 1000);
  const lengths = data.sequences.map(({ length }) => length);
  const events = lengths.reduce((sum, length) => sum + length, 0);
  const people = lengths.filter((length) => length > 0).length;
  return {
    data,
    itemIds,
    personIds,
    people,
    events,
    ignored,
    until: newest(data.times),
    snapshot: hash.digest(),
  };
}

function newest(times: RankingData['times'] = []): number {
  return times.reduce((latest, own) => Math.max(latest, own.at(-1) ?? 0), 0);
}

/** What an item is called and is about: the words that text ids are made of. */
export function titleOf({ title, topics }: Pick<Item, 'title' | 'topics'>): string {
  return [title, ...topics].join(' ');
}

function contentVectors(vectors: ReadonlyMap<ItemId, Float32Array>, itemIds: readonly ItemId[]) {
  const size = vectors.values().next().value?.length ?? 0;
  if (size === 0) return null;
  const flat = new Float32Array(itemIds.length * size); // (itemCount x size)
  itemIds.forEach((id, number) => {
    const vector = vectors.get(id);
    if (vector?.length === size) flat.set(vector, number * size);
  });
  return { vectors: flat, size };
}
