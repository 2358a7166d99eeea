import type { Executable } from '../graph/compute.js';
import { type Random } from '../random.js';
import type { Condition } from './condition.js';
import { guidedVelocity } from './guided-velocity.js';
import { type Sampler, euler } from './samplers.js';
import { flowTimes } from './schedule.js';

export interface Sampling {
  readonly steps: number;
  readonly guidance: number;
  readonly random: Random;
  readonly sampler?: Sampler;
  /** A picture's latent to start from, and how much of it to give up in (0, 1]. */
  readonly from?: { readonly latent: Float32Array; readonly strength: number } | null;
  readonly onStep?: (x: Float32Array, step: number) => Promise<void> | void;
}

/**
 * From noise, or from a noisy picture, to a latent. Starting from a picture is SDEdit (Meng et al. 2022): begin on the straight path
 * at t = 1 - strength, so that strength 1 keeps nothing.
 */
export async function sampleLatent(
  model: Executable,
  length: number,
  condition: Condition,
  { steps, guidance, random, sampler = euler, from = null, onStep }: Sampling,
): Promise<Float32Array> {
  const noise = Float32Array.from({ length }, () => random.normal());
  const start = from === null ? 0 : 1 - from.strength;
  const x =
    from === null ? noise : noise.map((value, i) => start * (from.latent[i] ?? 0) + (1 - start) * value);
  return sampler(x, flowTimes(steps, { start }), guidedVelocity(model, condition, guidance), onStep);
}
