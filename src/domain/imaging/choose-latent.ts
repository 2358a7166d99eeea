import type { Executable } from '../graph/compute.js';
import type { Random } from '../random.js';
import type { Condition } from './condition.js';
import { repeated } from './guided-velocity.js';

/** Where on the path the doubt is measured: early enough that the whole figure is in question. */
const TIMES = [0.35, 0.55] as const;
/** A picture with the whole asked colour may be restored this much worse, in parts of the mean error, and still win. */
const COLOUR_WEIGHT = 1;
/** More than restoring and colour together can make up for. */
const COPY_PENALTY = 100;

/** What is known of each candidate: its latent, and how far it has the colours that were asked for, in [0, 1]. */
export interface Candidate {
  readonly latent: Float32Array;
  readonly colour: number;
  /** Too near to a drawing: chosen only where all are. */
  readonly isCopy: boolean;
}

/**
 * The candidate that is most surely a picture of the words: the denoiser, told the words, restores it best after noise, as a coherent
 * picture of what was said is restored well and a mixture of two things is not (Li et al. 2023, "Your diffusion model is
 * secretly a zero-shot classifier"). An asked colour counts beside that. Returns its position.
 */
export async function chooseLatent(
  model: Executable,
  candidates: readonly Candidate[],
  condition: Condition,
  random: Random,
): Promise<number> {
  const errors = await restoringErrors(model, candidates, condition, random);
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  const scores = candidates.map(({ colour, isCopy }, i) => {
    return (errors[i] ?? 0) / mean - COLOUR_WEIGHT * colour + (isCopy ? COPY_PENALTY : 0);
  });
  return scores.indexOf(Math.min(...scores));
}

/** Mean square error over the times, two draws each: the model's batch holds every candidate twice. */
async function restoringErrors(
  model: Executable,
  candidates: readonly Candidate[],
  condition: Condition,
  random: Random,
): Promise<number[]> {
  const rows = [...candidates, ...candidates].map(({ latent }) => latent);
  const said = repeated(condition, rows.length, rows.length);
  const errors = new Float64Array(candidates.length);
  for (const t of TIMES) {
    const noisy = rows.map((latent) => latent.map((value) => t * value + (1 - t) * random.normal()));
    const time = new Float32Array(rows.length).fill(t);
    const { clean } = await model.run({
      x: Float32Array.from(noisy.flatMap((row) => [...row])),
      time,
      ...said,
    });
    if (!(clean instanceof Float32Array)) throw new Error('the denoiser gave no picture');
    rows.forEach((latent, row) => {
      const start = row * latent.length;
      const sum = latent.reduce((total, value, i) => total + (value - (clean[start + i] ?? 0)) ** 2, 0);
      const candidate = row % candidates.length;
      errors[candidate] = (errors[candidate] ?? 0) + sum;
    });
  }
  return [...errors];
}
