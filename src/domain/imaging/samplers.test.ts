import { euler, heun, type Sampler, SAMPLERS } from './samplers.js';
import { flowTimes } from './schedule.js';

const rotate = (x: Float32Array): Promise<Float32Array> =>
  Promise.resolve(Float32Array.of(-(x[1] ?? 0), x[0] ?? 0));
const errorOf = async (sampler: Sampler, steps: number): Promise<number> => {
  const end = await sampler(Float32Array.of(1, 0), flowTimes(steps, { shift: 1 }), rotate);
  return Math.hypot((end[0] ?? 0) - Math.cos(1), (end[1] ?? 0) - Math.sin(1));
};

test('Euler turns a point by one radian with an error that halves with the step', async () => {
  const [coarse, fine] = [await errorOf(euler, 20), await errorOf(euler, 40)];
  expect(coarse).toBeLessThan(0.03);
  expect(coarse / fine).toBeCloseTo(2, 1);
});

test('Heun is ten times closer with the same steps', async () => {
  expect(await errorOf(heun, 40)).toBeLessThan((await errorOf(euler, 40)) / 10);
});

test.each(Object.entries(SAMPLERS))('%s follows a straight path exactly', async (_, sampler) => {
  const [noise, picture] = [Float32Array.of(3, -1), Float32Array.of(-2, 0.5)];
  const straight = () => Promise.resolve(picture.map((value, i) => value - (noise[i] ?? 0)));
  const end = await sampler(noise, flowTimes(7), straight);
  end.forEach((value, i) => expect(value).toBeCloseTo(picture[i] ?? NaN, 5));
});

test('a sampler shows every state and stops when the watcher throws', async () => {
  const seen: number[] = [];
  const watch = (_: Float32Array, step: number) => {
    seen.push(step);
    if (step === 2) throw new Error('stopped');
  };
  const zero = (x: Float32Array) => Promise.resolve(x.map(() => 0));
  await expect(euler(Float32Array.of(1), flowTimes(9), zero, watch)).rejects.toThrow('stopped');
  expect(seen).toEqual([0, 1, 2]);
});
