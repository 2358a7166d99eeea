/** ᾱ_t for t = 0..T: the share of variance that is still signal after t steps of noise; x_t = √ᾱ_t x_0 + √(1 − ᾱ_t) ε, ᾱ_0 = 1. */
export type NoiseSchedule = Float64Array;

/** Steps that the noise is cut into for training; answers take a few of them. */
export const NOISE_STEPS = 1000;

/** Nichol & Dhariwal 2021, eq. 17: ᾱ_t = f(t) / f(0), f(t) = cos²((t / T + s) / (1 + s) · π / 2), s = 0.008. Ends in pure noise. */
export function cosineSchedule(T: number, s = 0.008): NoiseSchedule {
  const f = (t: number) => Math.cos(((t / T + s) / (1 + s)) * (Math.PI / 2)) ** 2;
  return Float64Array.from({ length: T + 1 }, (_, t) => Math.max(0, f(t) / f(0)));
}

/**
 * Wang et al. 2023 (DiffRec): 1 − ᾱ_t = scale · (least + (t − 1) / (T − 1) · (most − least)) for t = 1..T. What a person did is
 * never drowned: `scale` · `most` of it becomes noise at the end.
 */
export function gentleSchedule(T: number, { scale, least, most }: GentleNoise): NoiseSchedule {
  const noise = (t: number) => scale * (least + ((t - 1) / Math.max(1, T - 1)) * (most - least));
  return Float64Array.from({ length: T + 1 }, (_, t) => (t === 0 ? 1 : 1 - noise(t)));
}

export interface GentleNoise {
  readonly scale: number;
  readonly least: number;
  readonly most: number;
}

/** T = t_0 > t_1 > … > 0: `steps` strides of equal length, each at least one step of noise. */
export function reverseTimes(T: number, steps: number): number[] {
  const strides = Math.min(steps, T);
  return Array.from({ length: strides + 1 }, (_, i) => Math.round((T * (strides - i)) / strides));
}

/** x_t = √ᾱ_t x_0 + √(1 − ᾱ_t) ε, each row at its own time; `clean` and `noise` are (rows · size), `time` is (rows). */
export function noisedRows(
  clean: Float32Array,
  noise: Float32Array,
  { schedule, time }: { schedule: NoiseSchedule; time: ArrayLike<number> },
): Float32Array {
  const size = clean.length / time.length;
  const out = new Float32Array(clean.length);
  for (let row = 0; row < time.length; row++) {
    const signal = schedule[time[row] as number] as number;
    const [keep, spread] = [Math.sqrt(signal), Math.sqrt(1 - signal)];
    for (let i = row * size; i < (row + 1) * size; i++)
      out[i] = keep * (clean[i] as number) + spread * (noise[i] as number);
  }
  return out;
}
