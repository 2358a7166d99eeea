import type { Executable, Values } from '../graph/compute.js';
import type { Condition } from './condition.js';
import type { Velocity } from './samplers.js';

/**
 * Classifier-free guidance (Ho & Salimans 2022) in one run of a batch of two, said and unsaid: x̂ = x̂_∅ + g (x̂_c − x̂_∅), and from the
 * clean picture the slope of the straight path, (x̂ − x) / (1 − t). At nearly pure noise guidance is halved: there it only
 * burns the colours (Kynkäänniemi et al. 2024).
 */
export function guidedVelocity(model: Executable, condition: Condition, guidance: number): Velocity {
  const said = pairOf(condition);
  return async (x, t) => {
    const both = new Float32Array(2 * x.length);
    both.set(x);
    both.set(x, x.length);
    const { clean } = await model.run({ x: both, time: Float32Array.of(t, t), ...said });
    if (!(clean instanceof Float32Array)) throw new Error('the denoiser gave no picture');
    const g = t < 0.05 ? 1 + (guidance - 1) / 2 : guidance;
    return x.map((value, i) => {
      const unsaid = clean[x.length + i] ?? 0;
      const picture = unsaid + g * ((clean[i] ?? 0) - unsaid);
      return (picture - value) / Math.max(1 - t, 1e-3);
    });
  };
}

/** The condition in the first row, nothing in the second. */
function pairOf({ text, bag, taste }: Condition): Values {
  const pair = (values: Float32Array) => {
    const both = new Float32Array(2 * values.length);
    both.set(values);
    return both;
  };
  return { text: pair(text), bag: pair(bag), taste: pair(taste) };
}
