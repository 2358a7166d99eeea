import { peopleByItem } from './sparse-rows.js';

/** How many people had each item. */
export function supportsOf(sequences: readonly Int32Array[], itemCount: number): Int32Array {
  const supports = new Int32Array(itemCount);
  for (const sequence of sequences) {
    for (const item of new Set(sequence)) supports[item] = (supports[item] as number) + 1;
  }
  return supports;
}

/**
 * For each item in turn, the other items that people had together with it (ascending) and, at those places of `counts`, how
 * many people. One dense row is reused, so memory is O(items), and time is the sum of squared history lengths.
 */
export function eachTogetherRow(
  sequences: readonly Int32Array[],
  itemCount: number,
  visit: (item: number, others: Int32Array, counts: Int32Array) => void,
): void {
  const sets = sequences.map((sequence) => Int32Array.from(new Set(sequence)));
  const people = peopleByItem(sets, itemCount);
  const counter = { counts: new Int32Array(itemCount), touched: new Int32Array(itemCount) };
  for (let item = 0; item < itemCount; item++) {
    const [start, end] = [people.rowStart[item] as number, people.rowStart[item + 1] as number];
    visit(item, countTogether(item, people.columns.subarray(start, end), sets, counter), counter.counts);
    counter.counts.fill(0);
  }
}

interface Counter {
  readonly counts: Int32Array;
  readonly touched: Int32Array;
}

/** Fills counter.counts with the people each other item shares with `item`; returns those items, ascending. */
function countTogether(
  item: number,
  people: Int32Array,
  sets: readonly Int32Array[],
  { counts, touched }: Counter,
): Int32Array {
  let found = 0;
  for (const person of people) {
    const set = sets[person] as Int32Array;
    for (let i = 0; i < set.length; i++) {
      const other = set[i] as number;
      const count = counts[other] as number;
      if (count === 0) touched[found++] = other;
      counts[other] = count + 1;
    }
  }
  counts[item] = 0; // an item is no neighbour of itself
  return packed(counts, touched, found);
}

/** The items with a count, ascending: by a scan of the catalogue where most have one, by sorting the few otherwise. */
function packed(counts: Int32Array, touched: Int32Array, found: number): Int32Array {
  const out = new Int32Array(found);
  let size = 0;
  if (found < counts.length / 16) {
    const few = touched.slice(0, found).sort();
    for (let i = 0; i < found; i++) if (counts[few[i] as number] !== 0) out[size++] = few[i] as number;
  } else {
    for (let item = 0; item < counts.length; item++) if (counts[item] !== 0) out[size++] = item;
  }
  return out.slice(0, size);
}
