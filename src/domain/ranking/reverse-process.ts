import type { NoiseSchedule } from './noise-schedule.js';

/** x̂_0 (rows · size) as the model sees it in x_t. */
export type PredictClean = (x: Float32Array, t: number) => Promise<Float32Array>;

export interface ReversePath {
  readonly schedule: NoiseSchedule;
  /** Falling, from the start's time to 0. */
  readonly times: readonly number[];
}

/** One signature for both ways back from noise. */
export type ReverseProcess = (
  start: Float32Array,
  path: ReversePath,
  predict: PredictClean,
) => Promise<Float32Array>;

/** Song et al. 2021 (DDIM), eq. 12 with σ = 0: x_s = √ᾱ_s x̂_0 + √(1 − ᾱ_s) ε̂, ε̂ = (x_t − √ᾱ_t x̂_0) / √(1 − ᾱ_t). */
export const ddim: ReverseProcess = (start, path, predict) =>
  walk(start, path, predict, (signal, next) => {
    const keep = Math.sqrt((1 - next) / (1 - signal));
    return { x: keep, clean: Math.sqrt(next) - keep * Math.sqrt(signal) };
  });

/**
 * Ho et al. 2020 (DDPM), eq. 7 without the noise, as DiffRec answers: the mean of q(x_s | x_t, x̂_0),
 * x_s = (√α (1 − ᾱ_s) x_t + √ᾱ_s (1 − α) x̂_0) / (1 − ᾱ_t), α = ᾱ_t / ᾱ_s.
 */
export const posteriorMean: ReverseProcess = (start, path, predict) =>
  walk(start, path, predict, (signal, next) => {
    const step = signal / next;
    return {
      x: (Math.sqrt(step) * (1 - next)) / (1 - signal),
      clean: (Math.sqrt(next) * (1 - step)) / (1 - signal),
    };
  });

/** How much of x_t and of x̂_0 the next state holds, from ᾱ_t and ᾱ_s. */
type Mix = (signal: number, next: number) => { x: number; clean: number };

async function walk(
  start: Float32Array,
  { schedule, times }: ReversePath,
  predict: PredictClean,
  mix: Mix,
): Promise<Float32Array> {
  let x = start;
  for (const [i, s] of times.slice(1).entries()) {
    const t = times[i] as number;
    const clean = await predict(x, t);
    const share = mix(schedule[t] as number, schedule[s] as number);
    x = x.map((value, c) => share.x * value + share.clean * (clean[c] as number));
  }
  return x;
}

/** Classifier-free guidance (Ho & Salimans 2022; Yang et al. 2023): (1 + w) x̂(c) − w x̂(∅); w = 0 is the condition alone. */
export function guided(told: Float32Array, untold: Float32Array, guidance: number): Float32Array {
  return told.map((x, i) => (1 + guidance) * x - guidance * (untold[i] as number));
}
