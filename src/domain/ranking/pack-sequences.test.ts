import { must } from '../../../test/support/must.js';
import { packSequences } from './pack-sequences.js';

test('every token of every sequence is packed once, in order, and sequences stay apart', () => {
  const sequences = [3, 5, 1, 8, 2, 2, 7].map((length, s) =>
    Int32Array.from({ length }, (_, i) => 100 * s + i),
  );
  const batches = packSequences(sequences, { rows: 2, length: 8 });
  const found = new Map<number, number[]>();
  for (const { places, items, positions, segments } of batches) {
    for (const { sequence, first, last } of places) {
      found.set(sequence, Array.from(items.subarray(first, last + 1)));
      expect(Array.from(positions.subarray(first, last + 1))).toEqual(found.get(sequence)?.map((_, i) => i));
      expect(new Set(segments.subarray(first, last + 1)).size).toBe(1);
      expect(Math.floor(first / 8)).toBe(Math.floor(last / 8));
    }
  }
  sequences.forEach((sequence, s) => expect(found.get(s)).toEqual(Array.from(sequence)));
});

test('a sequence longer than a row keeps its end, an empty one is left out', () => {
  const [batch] = packSequences([Int32Array.of(1, 2, 3, 4, 5), new Int32Array()], { rows: 1, length: 3 });
  expect(Array.from(batch?.items ?? [])).toEqual([3, 4, 5]);
  expect(batch?.places).toEqual([{ sequence: 0, first: 0, last: 2 }]);
});

test('no batch holds more sequences than allowed', () => {
  const one = Array.from({ length: 5 }, (_, i) => Int32Array.of(i));
  expect(packSequences(one, { rows: 1, length: 8, most: 2 }).map(({ places }) => places.length)).toEqual([
    2, 2, 1,
  ]);
});

test('sequences that want a row of their own get the row of their place', () => {
  const three = Array.from({ length: 3 }, (_, i) => Int32Array.of(i));
  const batches = packSequences(three, { rows: 2, length: 8, most: 2, alone: true });
  expect(batches.map(({ places }) => places.map(({ first }) => first))).toEqual([[0, 8], [0]]);
});

test('times count back from the question, each token is asked when the next one came, goals are the next actions', () => {
  const context = {
    times: Float64Array.of(1e9, 1e9 + 10, 1e9 + 40),
    actions: Int32Array.of(2, 4, 7),
    now: 1e9 + 100,
    goal: 5,
  };
  const sequences = [Int32Array.of(7, 8, 9), Int32Array.of(1, 2)];
  const [batch] = packSequences(sequences, { rows: 1, length: 6 }, [context, {}]);
  const { times, asked, actions, goals } = must(batch).context;
  expect(Array.from(times)).toEqual([-100, -90, -60, 0, 0, 0]);
  expect(Array.from(asked)).toEqual([-90, -60, 0, -1, -1, -1]); // unknown: before every time of its sequence
  expect(Array.from(actions)).toEqual([2, 4, 7, 0, 0, 0]);
  expect(Array.from(goals)).toEqual([4, 7, 5, 0, 0, 0]);
  const [short] = packSequences(sequences.slice(0, 1), { rows: 1, length: 2 }, [context]);
  expect(Array.from(must(short).context.times)).toEqual([-90, -60]);
  expect(Array.from(must(short).context.goals)).toEqual([7, 5]);
});
