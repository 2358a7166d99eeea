import type { Executable, Values } from '../graph/compute.js';
import type { Condition } from './condition.js';
import type { Velocity } from './samplers.js';

/**
 * Classifier-free guidance (Ho & Salimans 2022) for `count` pictures in one run, first the said rows, then the unsaid:
 * x̂ = x̂_∅ + g (x̂_c − x̂_∅), and from the clean picture the slope of the straight path, (x̂ − x) / (1 − t). At nearly pure noise
 * guidance is halved: there it only burns the colours (Kynkäänniemi et al. 2024).
 */
export function guidedVelocity(
  model: Executable,
  condition: Condition,
  { guidance, count }: { guidance: number; count: number },
): Velocity {
  const said = repeated(condition, count, 2 * count);
  return async (x, t) => {
    const both = new Float32Array(2 * x.length);
    both.set(x);
    both.set(x, x.length);
    const { clean } = await model.run({ x: both, time: new Float32Array(2 * count).fill(t), ...said });
    if (!(clean instanceof Float32Array)) throw new Error('the denoiser gave no picture');
    const g = t < 0.05 ? 1 + (guidance - 1) / 2 : guidance;
    return x.map((value, i) => {
      const unsaid = clean[x.length + i] ?? 0;
      const picture = unsaid + g * ((clean[i] ?? 0) - unsaid);
      return (picture - value) / Math.max(1 - t, 1e-3);
    });
  };
}

/** The condition in the first `count` of `rows` rows, nothing in the others. */
export function repeated({ text, bag, taste }: Condition, count: number, rows: number): Values {
  const stacked = (values: Float32Array) => {
    const all = new Float32Array(rows * values.length);
    for (let row = 0; row < count; row++) all.set(values, row * values.length);
    return all;
  };
  return { text: stacked(text), bag: stacked(bag), taste: stacked(taste) };
}
