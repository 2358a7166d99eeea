import { seededRandom } from '../random.js';
import { newLessons } from './new-lessons.js';

const sequence = (from: number, length: number) => Int32Array.from({ length }, (_, i) => from + i);
const data = {
  itemCount: 1000,
  sequences: [sequence(0, 40), sequence(100, 5), sequence(200, 120), sequence(400, 30)],
};
/** Person 0 did two new things, person 1 only new ones; the others did nothing new. */
const times = [
  Float64Array.from({ length: 40 }, (_, i) => (i < 38 ? i : 1000 + i)),
  Float64Array.from({ length: 5 }, (_, i) => 2000 + i),
  Float64Array.from({ length: 120 }, (_, i) => i),
  Float64Array.from({ length: 30 }, (_, i) => i),
];
const lessons = () => newLessons({ ...data, times }, { times, since: 500 }, seededRandom('replay'));

test('who did something new is read from a little before it on', () => {
  const [first, second] = lessons().sequences;
  expect([...(first ?? [])]).toEqual([...sequence(18, 22)]); // 20 items before the two new ones
  expect([...(second ?? [])]).toEqual([...sequence(100, 5)]);
});

test('of the others about as much is repeated, in pieces of their histories, with the times beside them', () => {
  const { sequences, times: beside } = lessons();
  const replay = sequences.slice(2);
  const items = replay.reduce((sum, { length }) => sum + length, 0);
  expect(items).toBeGreaterThanOrEqual(27); // as many as the new ones with their context
  for (const piece of replay) {
    expect(piece.length).toBeLessThanOrEqual(50);
    expect(piece[0]).toBeGreaterThanOrEqual(200);
  }
  sequences.forEach((own, i) => expect(beside?.[i]?.length).toBe(own.length));
  expect(lessons().sequences).toEqual(sequences);
});

test('events after the part that may be learned from are not new to it', () => {
  const cut = {
    ...data,
    sequences: data.sequences.map((own, person) => (person === 0 ? own.subarray(0, 38) : own)),
  };
  const { sequences } = newLessons(cut, { times, since: 500 }, seededRandom('replay'));
  expect([...(sequences[0] ?? [])]).toEqual([...sequence(100, 5)]);
});
