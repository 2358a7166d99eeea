/** dx/dt at (x, t). The model sees one evaluation per call. */
export type Velocity = (x: Float32Array, t: number) => Promise<Float32Array>;

/** One signature for all samplers: start point, times, velocity; `onStep` sees each state and may throw to stop. */
export type Sampler = (
  noise: Float32Array,
  times: readonly number[],
  velocity: Velocity,
  onStep?: (x: Float32Array, step: number) => Promise<void> | void,
) => Promise<Float32Array>;

/** First order, one evaluation a step: x += (t' - t) v(x, t). */
export const euler: Sampler = async (noise, times, velocity, onStep) => {
  let x = noise;
  for (const [i, t, next] of intervals(times)) {
    x = moved(x, await velocity(x, t), next - t);
    await onStep?.(x, i);
  }
  return x;
};

/** Second order (Karras et al. 2022, alg. 1 without churn): the mean of the slopes at both ends; the last step is Euler's. */
export const heun: Sampler = async (noise, times, velocity, onStep) => {
  let x = noise;
  for (const [i, t, next] of intervals(times)) {
    const v = await velocity(x, t);
    const there = moved(x, v, next - t);
    x = next >= 1 ? there : moved(x, mean(v, await velocity(there, next)), next - t);
    await onStep?.(x, i);
  }
  return x;
};

/**
 * Second order at one evaluation a step (Adams-Bashforth with steps of unequal length): the slope is led on by how it changed over the
 * step before. The first step and the last one are Euler's.
 */
export const multistep: Sampler = async (noise, times, velocity, onStep) => {
  let x = noise;
  let before: { v: Float32Array; h: number } | null = null;
  for (const [i, t, next] of intervals(times)) {
    const [v, h] = [await velocity(x, t), next - t];
    x = moved(x, before === null || next >= 1 ? v : ledOn(v, before.v, h / (2 * before.h)), h);
    before = { v, h };
    await onStep?.(x, i);
  }
  return x;
};

export const SAMPLERS = { euler, heun, multistep } as const satisfies Record<string, Sampler>;

function intervals(times: readonly number[]): [number, number, number][] {
  return times.slice(1).map((next, i) => [i, times[i] ?? 0, next]);
}

function moved(x: Float32Array, v: Float32Array, dt: number): Float32Array {
  return x.map((value, i) => value + dt * (v[i] ?? 0));
}

function mean(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, i) => (value + (b[i] ?? 0)) / 2);
}

function ledOn(v: Float32Array, before: Float32Array, share: number): Float32Array {
  return v.map((value, i) => value + share * (value - (before[i] ?? 0)));
}
