import { seededRandom } from './random.js';
import { secondsLeft, secondsUntilDone } from './seconds-until-done.js';

test('a job waits for the place that is free first', () => {
  expect(secondsUntilDone({ running: [], ahead: [], own: 5 }, 1)).toBe(5);
  expect(secondsUntilDone({ running: [4], ahead: [], own: 5 }, 2)).toBe(5);
  expect(secondsUntilDone({ running: [4, 9], ahead: [], own: 5 }, 2)).toBe(9);
  expect(secondsUntilDone({ running: [4, 9], ahead: [3, 1], own: 5 }, 2)).toBe(13);
  expect(secondsUntilDone({ running: [], ahead: [], own: 5 }, 0)).toBeNull();
});

test('what runs is told by its progress, and by its time as long as it says nothing', () => {
  expect(secondsLeft(10, 0.25, 9)).toBe(7.5);
  expect(secondsLeft(10, 0, 4)).toBe(6);
  expect(secondsLeft(10, 0, 14)).toBe(0);
});

test.each([1, 3, 8])('on a simulated queue with %i places the mean error is at most 30 %%', (slots) => {
  const random = seededRandom(`queue of ${slots}`);
  // jobs of 1 to 4 pictures, 2 s each, give or take 30 %; bursts that fill the queue and let it run empty
  const jobs = Array.from({ length: 600 }, (_, i) => {
    const units = 1 + random.int(4);
    return {
      units,
      arrives: Math.floor(i / 40) * (200 / slots),
      takes: units * 2 * Math.max(0.2, 1 + 0.3 * random.normal()),
    };
  });
  const errors = simulated(jobs, slots).map(({ eta, actual }) => Math.abs(eta - actual) / actual);
  expect(errors.length).toBeGreaterThan(550);
  expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(0.3);
});

interface SimulatedJob {
  readonly units: number;
  readonly arrives: number;
  readonly takes: number;
}
interface Placed extends SimulatedJob {
  readonly starts: number;
  readonly ends: number;
}

/** First come, first served on `slots` places; each job's estimate at its arrival, from what had finished by then, and its truth. */
function simulated(jobs: readonly SimulatedJob[], slots: number): { eta: number; actual: number }[] {
  const freeAt = Array.from({ length: slots }, () => 0);
  const placed: Placed[] = [];
  return jobs.flatMap((job) => {
    const eta = estimate(placed, job, slots);
    const place = freeAt.indexOf(Math.min(...freeAt));
    const starts = Math.max(job.arrives, freeAt[place] ?? 0);
    const ends = starts + job.takes;
    freeAt[place] = ends;
    placed.push({ ...job, starts, ends });
    return eta === null ? [] : [{ eta, actual: ends - job.arrives }];
  });
}

function estimate(
  placed: readonly Placed[],
  { units, arrives: now }: SimulatedJob,
  slots: number,
): number | null {
  const finished = placed.filter(({ ends }) => ends <= now).slice(-20);
  if (finished.length === 0) return null;
  const sum = (of: (job: Placed) => number) => finished.reduce((total, job) => total + of(job), 0);
  const perUnit = sum(({ takes }) => takes) / sum((job) => job.units);
  const open = placed.filter(({ ends }) => ends > now);
  const running = open
    .filter(({ starts }) => starts <= now)
    .map((job) => secondsLeft(job.units * perUnit, 0, now - job.starts));
  const ahead = open.filter(({ starts }) => starts > now).map((job) => job.units * perUnit);
  return secondsUntilDone({ running, ahead, own: units * perUnit }, slots);
}
