import { PROTOCOLS, splitData, splitFingerprint } from './protocols.js';
import { withoutRepeats, withRealTimes, numberInteractions } from './ranking-data.js';
import { seededRandom } from '../random.js';

const data = {
  itemCount: 6,
  sequences: [Int32Array.of(0, 1, 2, 3), Int32Array.of(4, 5), Int32Array.of(2, 4, 5)],
  times: [Float64Array.of(1, 2, 3, 10), Float64Array.of(4, 5), Float64Array.of(6, 8, 9)],
};

test('leave-one-out: last = test, last but one = validation, short histories only teach', () => {
  const { train, validation, known, test: asked } = splitData(data, PROTOCOLS.A1);
  expect(train.sequences.map((own) => [...own])).toEqual([[0, 1], [4, 5], [2]]);
  expect(validation.map(({ person, target, history }) => [person, target, ...history])).toEqual([
    [0, 2, 0, 1],
    [2, 4, 2],
  ]);
  expect(asked.map(({ person, target, history }) => [person, target, ...history])).toEqual([
    [0, 3, 0, 1, 2],
    [2, 5, 2, 4],
  ]);
  expect(known.sequences.map(({ length }) => length)).toEqual([3, 2, 2]);
});

test('time split: nothing that is learned from is later than what is asked', () => {
  // ten events at 1..10: validation from the 9th (80 %), test from the 10th (90 %)
  const ten = {
    ...data,
    sequences: [...data.sequences, Int32Array.of(1)],
    times: [...data.times, Float64Array.of(7)],
  };
  const { train, validation, known, test: asked } = splitData(ten, PROTOCOLS.T);
  expect(train.times?.map((own) => [...own])).toEqual([[1, 2, 3], [4, 5], [6, 8], [7]]);
  expect(validation.map(({ person, target, history }) => [person, target, ...history])).toEqual([
    [2, 5, 2, 4],
  ]);
  expect(known.sequences[2]).toHaveLength(3);
  expect(asked.map(({ person, target, history }) => [person, target, ...history])).toEqual([[0, 3, 0, 1, 2]]);
});

test('the fingerprint is the same for another numbering of items, and another for another split', () => {
  const rows = data.sequences.flatMap((own, person) =>
    [...own].map((item, order) => ({ person: `p${person}`, item: `i${item}`, at: null, order })),
  );
  const [one, two] = [1, 2].map((seed) => numberInteractions(rows, seededRandom(seed)));
  const print = (numbered: typeof one) =>
    numbered &&
    splitFingerprint(splitData(numbered.data, PROTOCOLS.A1), numbered.personIds, numbered.itemIds);
  expect(one?.itemIds).not.toEqual(two?.itemIds);
  expect(print(one)).toBe(print(two));
  const [last] = rows.slice(-1);
  const changed = numberInteractions(
    [...rows.slice(0, -1), { ...(last ?? rows[0]), item: 'i0' } as never],
    seededRandom(1),
  );
  expect(print(changed)).not.toBe(print(one));
});

test('events are sorted by time, then source order; repeats keep their first place', () => {
  const rows = ['b', 'a', 'c', 'a'].map((item, order) => ({
    person: 'p',
    item,
    at: order === 2 ? 5 : 9,
    order,
  }));
  const { data: numbered, itemIds } = numberInteractions(rows, seededRandom(1));
  expect([...(numbered.sequences[0] ?? [])].map((item) => itemIds[item])).toEqual(['c', 'b', 'a']);
  expect([...(numbered.times?.[0] ?? [])]).toEqual([5, 9, 9]);
  const repeated = {
    itemCount: 3,
    sequences: [Int32Array.of(2, 0, 2, 1)],
    times: [Float64Array.of(1, 2, 3, 4)],
  };
  const once = withoutRepeats(repeated);
  expect([...(once.sequences[0] ?? [])]).toEqual([2, 0, 1]);
  expect([...(once.times?.[0] ?? [])]).toEqual([1, 2, 4]);
});

test('times of 1970 stand for an order and are dropped', () => {
  expect(withRealTimes(data).times).toBeUndefined();
  const real = { ...data, times: data.times.map((own) => own.map((t) => t + 1e9)) };
  expect(withRealTimes(real).times).toBeDefined();
});
