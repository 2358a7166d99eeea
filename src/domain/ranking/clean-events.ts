import { DomainError } from '../errors.js';
import type { RankingData } from './part.js';
import { withRealTimes } from './ranking-data.js';
import { withRows } from './with-rows.js';

/** Events that were left out of training, by reason. */
export interface IgnoredEvents {
  /** The same person, item and time again: a client that sent twice, a file that was imported twice. */
  readonly duplicates: number;
  /** The same person and item later: only the first time is something not had before. */
  readonly repeats: number;
  /** After now: one broken clock would make "the newest week" a week nobody lives in. */
  readonly future: number;
  /** More from one person in a minute than a person does. */
  readonly personBursts: number;
  /** More people on one item in a minute than an audience sends. */
  readonly itemBursts: number;
}

export interface CleanedEvents {
  readonly data: RankingData;
  readonly ignored: IgnoredEvents;
}

/** Clocks of phones are wrong by minutes; recording refuses more than this, imports are checked here. */
const MAX_SKEW = 5 * 60;
const MINUTE = 60;
/** The busiest minute of a real person here has 392 events (MovieLens latest-small: a list that was imported). */
const MOST_OF_A_PERSON = 500;
/**
 * People who come to one item within one minute: the busiest real minutes have 2 (MovieLens-100K and latest-small), and two of a
 * hundred people at once is a broadcast. More are counted as one audience of this size.
 */
const MOST_ON_AN_ITEM = { people: 20, share: 0.02 };

/**
 * Takes out what would teach nonsense and says how much it was. Random noise is left in: it agrees with nobody, so co-occurrence
 * drowns it. Sequences without real times (see `withRealTimes`) can only be freed of repeats. `now` is in seconds.
 */
export function cleanEvents(source: RankingData, now: number): CleanedEvents {
  const keep = source.sequences.map(({ length }) => new Uint8Array(length).fill(1));
  const timed = withRealTimes(source).times;
  const future = timed ? dropFuture(timed, keep, now + MAX_SKEW) : 0;
  const again = dropRepeats(source, keep);
  const [personBursts, itemBursts] =
    timed && tellsSeconds(timed)
      ? [dropPersonBursts(timed, keep), dropItemBursts(source.sequences, timed, keep)]
      : [0, 0];
  const data = kept(source, keep);
  return { data, ignored: { ...again, future, personBursts, itemBursts } };
}

type Kept = readonly Uint8Array[];

function dropFuture(times: readonly Float64Array[], keep: Kept, latest: number): number {
  let dropped = 0;
  times.forEach((own, person) => {
    const mine = keep[person] as Uint8Array;
    own.forEach((time, index) => {
      if (time <= latest) return;
      mine[index] = 0;
      dropped++;
    });
  });
  return dropped;
}

function dropRepeats(
  { sequences, times }: RankingData,
  keep: Kept,
): Pick<IgnoredEvents, 'duplicates' | 'repeats'> {
  let [duplicates, repeats] = [0, 0];
  sequences.forEach((sequence, person) => {
    const mine = keep[person] as Uint8Array;
    const firstTime = new Map<number, number>();
    sequence.forEach((item, index) => {
      if (mine[index] === 0) return;
      const time = times?.[person]?.[index] ?? index;
      const before = firstTime.get(item);
      if (before === undefined) return void firstTime.set(item, time);
      mine[index] = 0;
      if (before === time) duplicates++;
      else repeats++;
    });
  });
  return { duplicates, repeats };
}

/** Sources that know the day or the minute only put a whole audience into "one minute", so nothing can be said about bursts there. */
function tellsSeconds(times: readonly Float64Array[]): boolean {
  let [all, whole] = [0, 0];
  for (const own of times) {
    all += own.length;
    for (const time of own) if (time % MINUTE === 0) whole++;
  }
  return whole < all / 2;
}

/** Keeps the first of a person's events in each minute. */
function dropPersonBursts(times: readonly Float64Array[], keep: Kept): number {
  let dropped = 0;
  times.forEach((own, person) => {
    if (own.length <= MOST_OF_A_PERSON) return;
    const events = Array.from(own, (time, index) => ({ time, person, index }));
    dropped += capped(events, keep, MOST_OF_A_PERSON);
  });
  return dropped;
}

/** Keeps the first people who came to an item in each minute. */
function dropItemBursts(
  sequences: readonly Int32Array[],
  times: readonly Float64Array[],
  keep: Kept,
): number {
  const people = sequences.filter(({ length }) => length > 0).length;
  const most = Math.max(MOST_ON_AN_ITEM.people, Math.floor(MOST_ON_AN_ITEM.share * people));
  const byItem = new Map<number, Occurrence[]>();
  sequences.forEach((sequence, person) => {
    sequence.forEach((item, index) => {
      if (keep[person]?.[index] === 0) return;
      const event = { time: times[person]?.[index] as number, person, index };
      const own = byItem.get(item);
      if (own === undefined) byItem.set(item, [event]);
      else own.push(event);
    });
  });
  let dropped = 0;
  for (const events of byItem.values()) if (events.length > most) dropped += capped(events, keep, most);
  return dropped;
}

interface Occurrence {
  readonly time: number;
  readonly person: number;
  readonly index: number;
}

/** Drops what exceeds `most` kept events per minute, in the order of time. */
function capped(events: Occurrence[], keep: Kept, most: number): number {
  let [minute, count, dropped] = [NaN, 0, 0];
  for (const { time, person, index } of events.sort((a, b) => a.time - b.time || a.person - b.person)) {
    const mine = keep[person] as Uint8Array;
    if (mine[index] === 0) continue;
    const own = Math.floor(time / MINUTE);
    count = own === minute ? count + 1 : 1;
    minute = own;
    if (count <= most) continue;
    mine[index] = 0;
    dropped++;
  }
  return dropped;
}

function kept(source: RankingData, keep: Kept): RankingData {
  return withRows(source, (own, person) => own.filter((_, index) => keep[person]?.[index] === 1));
}

const REASONS: Readonly<Record<keyof IgnoredEvents, string>> = {
  duplicates: 'sent twice',
  repeats: 'of things had before',
  future: 'from the future',
  personBursts: 'faster than a person',
  itemBursts: 'of a rush on one item within a minute',
};

/** `Ignored 3 events from the future, 12 sent twice.`; empty where nothing was. */
export function tellIgnored(ignored: IgnoredEvents): string {
  const told = Object.entries(REASONS).flatMap(([reason, words]) => {
    const count = ignored[reason as keyof IgnoredEvents];
    return count === 0 ? [] : [`${count} ${words}`];
  });
  return told.length === 0 ? '' : `Ignored events: ${told.join(', ')}.`;
}

/** Fewer people or items teach nothing that a split could still test. */
const FEWEST = { people: 10, items: 5 } as const;

/** Refuses data that no ranker can be judged on, and says what is missing. */
export function assertEnoughToLearn({ sequences }: Pick<RankingData, 'sequences'>): void {
  const people = sequences.filter(({ length }) => length > 0).length;
  const items = new Set(sequences.flatMap((own) => [...own])).size;
  if (people < FEWEST.people || items < FEWEST.items) {
    throw new DomainError(
      'INVALID_INPUT',
      `at least ${FEWEST.people} people with events and ${FEWEST.items} items with events were wanted, ${people} and ${items} came`,
    );
  }
  if (sequences.every(({ length }) => length < 3)) {
    throw new DomainError(
      'INVALID_INPUT',
      'somebody with three events or more was wanted, since the last is asked for, and nobody came',
    );
  }
}
