import { seededRandom } from '../random.js';
import { chooseTrend } from './choose-trend.js';
import { rollingExams } from './rolling-exam.js';
import { stageOf, trendCounts, trendPart, trendWeights } from './trend.js';

const DAY = 86_400;

test('an event counts half after a half-life, and less the further its place is from the stage', () => {
  const data = {
    itemCount: 3,
    sequences: [Int32Array.of(0, 1), Int32Array.of(2)],
    times: [Float64Array.of(80, 90), Float64Array.of(100)],
  };
  const counts = trendCounts(data, 10, 100); // the event at 100 is not before 100
  expect([...trendWeights(counts, 1, 0)]).toEqual([0.25, 0.5, 0]);
  // the second event of a person stands one doubling from the first: half the weight at focus 0.5
  expect([...trendWeights(counts, 0.5, 0)]).toEqual([0.25, 0.25, 0]);
});

test('stages: no history, then doublings', () => {
  expect([0, 1, 2, 3, 6, 7, 126, 127, 5000].map(stageOf)).toEqual([0, 1, 1, 2, 2, 3, 6, 7, 7]);
});

/** Everybody begins with the door of the season, then walks through the hall, whose rooms are far more often visited. */
function hotel(people: number) {
  const random = seededRandom('hotel');
  const arrivals = Array.from({ length: people }, (_, person) => person * DAY);
  return {
    itemCount: 60,
    sequences: arrivals.map((at) => {
      const door = Math.floor(at / (60 * DAY));
      const rooms = new Set<number>();
      while (rooms.size < 12) rooms.add(10 + random.int(50));
      return Int32Array.of(door, ...rooms);
    }),
    times: arrivals.map((at) => Float64Array.from({ length: 13 }, (_, i) => 1e9 + at + i)),
  };
}

test('newcomers are shown the door of the season, guests the rooms', async () => {
  const trend = chooseTrend(hotel(300));
  expect(trend.suitsNewcomers).toBe(true);
  const [none, some] = await trendPart(trend).score([new Int32Array(), Int32Array.of(9, 20, 21, 22)]);
  const best = (scores: Float32Array | undefined) => scores?.indexOf(Math.max(...scores)) ?? -1;
  expect(best(none)).toBe(4); // people 240 to 299 came through it
  expect(best(some)).toBeGreaterThanOrEqual(10);
});

test('where nothing changes and everybody does one thing only, it stays with plain popularity', () => {
  const sequences = Array.from({ length: 200 }, (_, person) => Int32Array.of(person % 4 === 0 ? 0 : 1));
  const times = sequences.map((_, person) => Float64Array.of(1e9 + person));
  const trend = chooseTrend({ itemCount: 3, sequences, times });
  expect(trend.suitsNewcomers).toBe(false);
  expect(trend.scores[0]?.[1]).toBeGreaterThan(trend.scores[0]?.[0] ?? 0);
});

test('rolling exams ask what came next, and know nothing later', () => {
  const data = hotel(100);
  const exams = rollingExams(data);
  expect(exams).toHaveLength(5);
  for (const { until, questions } of exams) {
    expect(questions.length).toBeGreaterThan(0);
    for (const { person, history } of questions) {
      const times = data.times[person] as Float64Array;
      expect(times[history.length] ?? 0).toBeGreaterThanOrEqual(until);
      expect(times[history.length - 1] ?? 0).toBeLessThan(until);
    }
  }
});
