import { type Random, shuffled } from '../random.js';
import type { RankingData } from './part.js';
import { withRows } from './with-rows.js';

/** One positive event, in source ids. `at` is in seconds, null where the source has no times; then `order` decides. */
export interface Interaction {
  readonly person: string;
  readonly item: string;
  readonly at: number | null;
  readonly order: number;
  /** What was done, see `actionOf`; left out where the source does not say. */
  readonly action?: number;
}

export interface NumberedData {
  readonly data: RankingData;
  /** Source id of each item number. */
  readonly itemIds: readonly string[];
  /** Source id of the person of each sequence. */
  readonly personIds: readonly string[];
}

/**
 * Numbers items at random (source ids follow first appearance in many sets, so "last + 1" would be a hint), sorts each
 * person's events by time and then by source order, and keeps the first of repeated items: what is recommended is
 * something not had before. Times and actions are kept only if every event has one.
 */
export function numberInteractions(interactions: Iterable<Interaction>, random: Random): NumberedData {
  const byPerson = new Map<string, Interaction[]>();
  const items = new Set<string>();
  let [hasTimes, hasActions] = [true, true];
  for (const interaction of interactions) {
    const own = byPerson.get(interaction.person);
    if (own === undefined) byPerson.set(interaction.person, [interaction]);
    else own.push(interaction);
    items.add(interaction.item);
    hasTimes &&= interaction.at !== null;
    hasActions &&= interaction.action !== undefined;
  }
  const itemIds = shuffled([...items].sort(), random.fork('items'));
  const numbers = new Map(itemIds.map((id, number) => [id, number]));
  const histories = [...byPerson.values()].map(inOrderOnce);
  const data: RankingData = {
    itemCount: itemIds.length,
    sequences: histories.map((own) => Int32Array.from(own, ({ item }) => numbers.get(item) as number)),
    ...(hasTimes && { times: histories.map((own) => Float64Array.from(own, ({ at }) => at as number)) }),
    ...(hasActions && { actions: histories.map((own) => Int32Array.from(own, ({ action }) => action ?? 0)) }),
  };
  return { data, itemIds, personIds: [...byPerson.keys()] };
}

function inOrderOnce(own: readonly Interaction[]): Interaction[] {
  const seen = new Set<string>();
  return [...own]
    .sort((a, b) => (a.at ?? 0) - (b.at ?? 0) || a.order - b.order)
    .filter(({ item }) => !seen.has(item) && seen.add(item));
}

/** 1980-01-01 in seconds. Importers of sources without times write minutes of 1970 instead, which are an order and no times. */
const FIRST_REAL_TIME = 315_532_800;

/** The data without its times, if any of them stands for an order only. */
export function withRealTimes(data: RankingData): RankingData {
  if (data.times?.every((own) => own.every((time) => time >= FIRST_REAL_TIME)) === true) return data;
  const untimed: { -readonly [K in keyof RankingData]: RankingData[K] } = { ...data };
  delete untimed.times;
  return untimed;
}

/** Keeps the first of repeated items of each person: what is recommended, and asked for in a test, is something not had before. */
export function withoutRepeats(data: RankingData): RankingData {
  const keep = data.sequences.map((sequence) => {
    const seen = new Set<number>();
    return sequence.map((item) => (seen.has(item) ? 0 : (seen.add(item), 1)));
  });
  return withRows(data, (own, person) => own.filter((_, index) => keep[person]?.[index] === 1));
}
