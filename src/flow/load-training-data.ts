import { isInteraction } from '../domain/event.js';
import type { CatalogueId, ItemId, PersonId } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import { actionOf } from '../domain/ranking/actions.js';
import { cleanEvents, type IgnoredEvents } from '../domain/ranking/clean-events.js';
import type { RankingData } from '../domain/ranking/part.js';
import { seededRandom, shuffled } from '../domain/random.js';
import type { Ports } from './ports.js';
import type { TrainingRow } from './ports/stores.js';

export interface TrainingData {
  readonly data: RankingData;
  /** Item ids by item number; numbered at random, since source ids leak order. */
  readonly itemIds: readonly ItemId[];
  /** The person of each sequence. */
  readonly personIds: readonly PersonId[];
  readonly people: number;
  /** Events that are learned from. */
  readonly events: number;
  readonly ignored: IgnoredEvents;
}

/** Store -> ranker's world: what people wanted, in time order, over the items that may be ranked now. */
export async function loadTrainingData(
  { stores, clock }: Pick<Ports, 'stores' | 'clock'>,
  catalogueId: CatalogueId,
  seed: number,
): Promise<TrainingData> {
  const items = await stores.items.rankable(catalogueId, clock.now());
  const numbered = shuffled(items, seededRandom(seed).fork('item-numbers'));
  const itemIds = numbered.map(({ id }) => id);
  const numberOf = new Map(itemIds.map((id, number) => [id, number]));
  const sequences: Int32Array[] = [];
  const times: Float64Array[] = [];
  const personIds: PersonId[] = [];
  const actions: Int32Array[] = [];
  const flush = (rows: readonly TrainingRow[]) => {
    const wanted = rows.filter((row) => isInteraction(row) && numberOf.has(row.itemId));
    const [first] = wanted;
    if (first === undefined) return;
    personIds.push(first.personId);
    sequences.push(Int32Array.from(wanted, (row) => numberOf.get(row.itemId) ?? 0));
    times.push(Float64Array.from(wanted, (row) => row.at.getTime() / 1000));
    actions.push(Int32Array.from(wanted, actionOf));
  };
  await eachPerson(stores.events.trainingLog(catalogueId), flush);
  const content = await contentVectors(stores, catalogueId, itemIds);
  const titles = numbered.map(titleOf);
  const source = {
    ...{ itemCount: itemIds.length, sequences, times, actions, titles },
    ...(content ? { content } : {}),
  };
  const { data, ignored } = cleanEvents(source, clock.now().getTime() / 1000);
  const lengths = data.sequences.map(({ length }) => length);
  const events = lengths.reduce((sum, length) => sum + length, 0);
  return { data, itemIds, personIds, people: lengths.filter((length) => length > 0).length, events, ignored };
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

async function contentVectors(stores: Ports['stores'], catalogueId: CatalogueId, itemIds: readonly ItemId[]) {
  const vectors = await stores.items.allVectors(catalogueId);
  const size = vectors.values().next().value?.length ?? 0;
  if (size === 0) return null;
  const flat = new Float32Array(itemIds.length * size); // (itemCount x size)
  itemIds.forEach((id, number) => {
    const vector = vectors.get(id);
    if (vector?.length === size) flat.set(vector, number * size);
  });
  return { vectors: flat, size };
}
