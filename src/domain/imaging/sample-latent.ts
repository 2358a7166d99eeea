import { type Random } from '../random.js';
import type { Condition } from './condition.js';
import { type Denoisers, guidedVelocity } from './guided-velocity.js';
import { type Sampler, multistep } from './samplers.js';
import { flowTimes } from './schedule.js';

export interface Sampling {
  /** Pictures drawn side by side: the denoisers' batch. */
  readonly count: number;
  /** Numbers of one latent. */
  readonly length: number;
  readonly steps: number;
  readonly guidance: number;
  readonly random: Random;
  readonly sampler?: Sampler;
  /** A picture's latent to start from, and how much of it to give up in (0, 1]. */
  readonly from?: { readonly latent: Float32Array; readonly strength: number } | null;
  /** Sees the latents after each step; may throw to stop. */
  readonly onStep?: (latents: Float32Array[], step: number) => Promise<void> | void;
}

/**
 * From noise, or from a noisy picture, to latents. Starting from a picture is SDEdit (Meng et al. 2022): begin on the straight path
 * at t = (1 - strength)², so that strength 1 keeps nothing. Squared, because large areas stand out of the noise early: at t = 0.2 the
 * colours of the start are still decided.
 */
export async function sampleLatents(
  denoisers: Denoisers,
  condition: Condition,
  { count, length, steps, guidance, random, sampler = multistep, from = null, onStep }: Sampling,
): Promise<Float32Array[]> {
  const start = from === null ? 0 : (1 - from.strength) ** 2;
  const noise = Float32Array.from({ length: count * length }, () => random.normal());
  const x = noise.map((value, i) => start * (from?.latent[i % length] ?? 0) + (1 - start) * value);
  const velocity = guidedVelocity(denoisers, condition, { guidance, count });
  const watch = onStep && ((now: Float32Array, step: number) => onStep(cut(now, length), step));
  return cut(await sampler(x, flowTimes(steps, { start }), velocity, watch), length);
}

function cut(all: Float32Array, length: number): Float32Array[] {
  return Array.from({ length: all.length / length }, (_, i) => all.slice(i * length, (i + 1) * length));
}
