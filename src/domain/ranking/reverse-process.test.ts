import { seededRandom } from '../random.js';
import { cosineSchedule, reverseTimes } from './noise-schedule.js';
import { ddim, guided, posteriorMean, type ReverseProcess } from './reverse-process.js';

const schedule = cosineSchedule(1000);
const processes = [
  ['ddim', ddim],
  ['posteriorMean', posteriorMean],
] as const;

test.each(processes)(
  '%s with the exact denoiser recovers x_0, in one step as in many',
  async (_, process) => {
    const clean = Float32Array.of(1.5, -0.25, 0);
    for (const steps of [1, 7, 50]) {
      const start = Float32Array.of(-2, 0.5, 3);
      const found = await process(start, { schedule, times: reverseTimes(1000, steps) }, () =>
        Promise.resolve(clean),
      );
      found.forEach((x, i) => expect(x).toBeCloseTo(clean[i] ?? NaN, 5));
    }
  },
);

/** What the model sees at t = 1 of ᾱ = 1, 0.64, 0.36, from x_2 = 2 with x̂_0 = 1. */
async function seenBetween(process: ReverseProcess): Promise<number> {
  const seen: number[] = [];
  const path = { schedule: Float64Array.of(1, 0.64, 0.36), times: [2, 1, 0] };
  await process(Float32Array.of(2), path, (x) => {
    seen.push(x[0] ?? NaN);
    return Promise.resolve(Float32Array.of(1));
  });
  return seen[1] ?? NaN;
}

test('a DDIM step by hand: ε̂ = (2 − 0.6) / 0.8 = 1.75, then 0.8 + 0.6 · 1.75', async () => {
  expect(await seenBetween(ddim)).toBeCloseTo(1.85, 5);
});

test('a step of the posterior mean by hand: (0.75 · 0.36 · 2 + 0.8 · 0.4375) / 0.64', async () => {
  expect(await seenBetween(posteriorMean)).toBeCloseTo(1.390625, 5);
});

test('in a normal world DDIM turns noise into that world', async () => {
  const [mean, deviation] = [2, 0.5];
  const random = seededRandom('normal world');
  const noise = Float32Array.from({ length: 4000 }, () => random.normal());
  // E[x_0 | x_t] of x_0 ~ N(mean, deviation²)
  const exact = (x: Float32Array, t: number) => {
    const signal = schedule[t] ?? NaN;
    const gain = (deviation ** 2 * Math.sqrt(signal)) / (signal * deviation ** 2 + 1 - signal);
    return Promise.resolve(x.map((value) => mean + gain * (value - Math.sqrt(signal) * mean)));
  };
  const found = await ddim(noise, { schedule, times: reverseTimes(1000, 100) }, exact);
  const average = found.reduce((sum, x) => sum + x, 0) / found.length;
  const spread = Math.sqrt(found.reduce((sum, x) => sum + (x - average) ** 2, 0) / found.length);
  expect(average).toBeCloseTo(mean, 1);
  expect(Math.abs(spread - deviation)).toBeLessThan(0.03);
});

test('guidance goes beyond the told answer, away from the untold one', () => {
  const [told, untold] = [Float32Array.of(2, 0), Float32Array.of(1, 1)];
  expect([...guided(told, untold, 2)]).toEqual([4, -2]);
  expect([...guided(told, untold, 0)]).toEqual([2, 0]);
});
