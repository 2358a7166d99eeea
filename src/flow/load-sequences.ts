import { isInteraction } from '../domain/event.js';
import type { CatalogueId, ItemId, PersonId } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import { actionOf } from '../domain/ranking/actions.js';
import { seededRandom, shuffled } from '../domain/random.js';
import type { Ports } from './ports.js';
import type { TrainingRow } from './ports/stores.js';

export interface Sequences {
  /** Those that may be ranked now. */
  readonly items: readonly Item[];
  /** Item ids by item number; numbered at random, since source ids leak order. */
  readonly itemIds: readonly ItemId[];
  /** The person of each sequence. */
  readonly personIds: readonly PersonId[];
  /** What each person wanted, by item number, in time order. */
  readonly sequences: readonly Int32Array[];
  /** Seconds since the epoch beside each item. */
  readonly times: readonly Float64Array[];
  /** By the numbers of `actionOf`, beside each item. */
  readonly actions: readonly Int32Array[];
}

interface Wanted {
  readonly seed: number;
  /** Items that keep their numbers, the first ones. */
  readonly known?: readonly ItemId[];
  /** Told of each person's events that are learned from. */
  readonly onPerson?: (rows: readonly TrainingRow[]) => void;
}

/** Store -> what people wanted, without the items' words: all that a ranker of counts needs. */
export async function loadSequences(
  { stores, clock }: Pick<Ports, 'stores' | 'clock'>,
  catalogueId: CatalogueId,
  { seed, known = [], onPerson }: Wanted,
): Promise<Sequences> {
  const items = await stores.items.rankable(catalogueId, clock.now());
  const rankable = new Set(items.map(({ id }) => id));
  const itemIds = numbered(items, known, seed);
  const numberOf = new Map(
    itemIds.flatMap((id, number) => (rankable.has(id) ? [[id, number] as const] : [])),
  );
  const sequences: Int32Array[] = [];
  const times: Float64Array[] = [];
  const personIds: PersonId[] = [];
  const actions: Int32Array[] = [];
  await eachPerson(stores.events.trainingLog(catalogueId), (rows) => {
    const wanted = rows.filter((row) => isInteraction(row) && numberOf.has(row.itemId));
    const [first] = wanted;
    if (first === undefined) return;
    personIds.push(first.personId);
    onPerson?.(wanted);
    sequences.push(Int32Array.from(wanted, (row) => numberOf.get(row.itemId) ?? 0));
    times.push(Float64Array.from(wanted, (row) => row.at.getTime() / 1000));
    actions.push(Int32Array.from(wanted, actionOf));
  });
  return { items, itemIds, personIds, sequences, times, actions };
}

/** What an earlier model numbered, then the rest at random. */
function numbered(items: readonly { id: ItemId }[], known: readonly ItemId[], seed: number): ItemId[] {
  const isKnown = new Set(known);
  const rest = items.filter(({ id }) => !isKnown.has(id));
  return [...known, ...shuffled(rest, seededRandom(seed).fork('item-numbers')).map(({ id }) => id)];
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
