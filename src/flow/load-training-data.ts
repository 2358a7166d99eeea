import { isInteraction } from '../domain/event.js';
import type { CatalogueId, ItemId, PersonId } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import { actionOf } from '../domain/ranking/actions.js';
import { cleanEvents, type IgnoredEvents } from '../domain/ranking/clean-events.js';
import type { RankingData } from '../domain/ranking/part.js';
import { seededRandom, shuffled } from '../domain/random.js';
import type { Ports } from './ports.js';
import type { TrainingRow } from './ports/stores.js';
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
  const items = await stores.items.rankable(catalogueId, clock.now());
  const rankable = new Set(items.map(({ id }) => id));
  const itemIds = numbered(items, known, seed);
  const numberOf = new Map(
    itemIds.flatMap((id, number) => (rankable.has(id) ? [[id, number] as const] : [])),
  );
  const hash = snapshotHash();
  const sequences: Int32Array[] = [];
  const times: Float64Array[] = [];
  const personIds: PersonId[] = [];
  const actions: Int32Array[] = [];
  const flush = (rows: readonly TrainingRow[]) => {
    const wanted = rows.filter((row) => isInteraction(row) && numberOf.has(row.itemId));
    const [first] = wanted;
    if (first === undefined) return;
    personIds.push(first.personId);
    hash.events(wanted);
    sequences.push(Int32Array.from(wanted, (row) => numberOf.get(row.itemId) ?? 0));
    times.push(Float64Array.from(wanted, (row) => row.at.getTime() / 1000));
    actions.push(Int32Array.from(wanted, actionOf));
  };
  await eachPerson(stores.events.trainingLog(catalogueId), flush);
  const vectors = await stores.items.allVectors(catalogueId);
  hash.items([...rankable], vectors);
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

/** What an earlier model numbered, then the rest at random. */
function numbered(items: readonly { id: ItemId }[], known: readonly ItemId[], seed: number): ItemId[] {
  const isKnown = new Set(known);
  const rest = items.filter(({ id }) => !isKnown.has(id));
  return [...known, ...shuffled(rest, seededRandom(seed).fork('item-numbers')).map(({ id }) => id)];
}

/** What an item is called and is about: the words that text ids are made of. */
export function titleOf({ title, topics }: Pick<Item, 'title' | 'topics'>): string {
  return [title, ...topics].join(' ');
}

/** The log comes person by person, in pieces of any size. */
export async function eachPerson(
  log: AsyncIterable<readonly TrainingRow[]>,
  flush: (rows: readonly TrainingRow[]) => void,
) {
  let current: TrainingRow[] = [];
  for await (const piece of log) {
    for (const row of piece) {
      if (current.length > 0 && current[0]?.personId !== row.personId) {
        flush(current);
        current = [];
      }
      current.push(row);
    }
  }
  flush(current);
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
