import type { Random } from '../random.js';

/**
 * Times of the straight path x_t = t x + (1 - t) ε (Liu et al. 2022, rectified flow): 0 is noise, 1 is the picture.
 * `shift` > 1 spends more of the steps near the noise, where composition is decided (Esser et al. 2024, eq. 23).
 */
export function flowTimes(steps: number, { start = 0, shift = 2.5 } = {}): number[] {
  return Array.from({ length: steps + 1 }, (_, i) => {
    const s = 1 - i / steps; // 1 noise, 0 picture
    const noise = (shift * s) / (1 + (shift - 1) * s);
    return 1 - noise * (1 - start);
  });
}

/** Logit-normal training times (Esser et al. 2024, eq. 19), leaning to the noise like Li & He 2025. */
export function trainingTime(random: Random, mean = -0.9, deviation = 1.1): number {
  return 1 / (1 + Math.exp(-(mean + deviation * random.normal())));
}
