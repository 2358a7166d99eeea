import type { TuningLesson } from '../../src/domain/ranking/objectives/lesson.js';
import type { Preference } from '../../src/domain/ranking/objectives/preference.js';
import { trainTrunk, trunkRecipeFor } from '../../src/domain/ranking/train-trunk.js';
import { seededRandom } from '../../src/domain/random.js';
import { onnxCompute } from '../../src/infra/compute/onnx-compute.js';

export const KINDS = 10;
export const ITEMS = 2 * KINDS;

/**
 * Every thing comes in two makes: items 0..9 are the popular make, 10..19 the rare one. People walk from kind to kind and take the
 * popular make nine times in ten, because it is what the shop puts forward; shown both, they choose the rare one.
 */
export const rare = (kind: number) => (kind % KINDS) + KINDS;
export const random = seededRandom('two makes');
/** `popularShare` of the steps take the popular make. */
export const walks = (popularShare: number, people: number) =>
  Array.from({ length: people }, () => {
    const start = random.int(KINDS);
    const make = () => (random.next() < popularShare ? 0 : KINDS);
    return Int32Array.from({ length: 8 }, (_, i) => ((start + i) % KINDS) + make());
  });
/** Shown both makes of the kind that comes next, everybody chooses the rare one. */
export const preferencesOf = (walked: readonly Int32Array[]) =>
  walked.map((sequence, person): Preference => {
    const at = 2 + random.int(5);
    const kind = (sequence[at] as number) % KINDS;
    return { person, history: sequence.subarray(0, at), chosen: rare(kind), rejected: Int32Array.of(kind) };
  });
export const compute = onnxCompute({ threads: 1 });
/** A small trunk of these walks. */
export async function trained(walked: readonly Int32Array[]): Promise<TuningLesson> {
  const data = { itemCount: ITEMS, sequences: walked };
  const recipe = trunkRecipeFor(data);
  const config = { ...recipe.config, width: 32, history: 8, dropout: 0 };
  const small = {
    ...recipe,
    config,
    rows: 16,
    learningRate: 1e-2,
    emaDecay: 0.9,
    maxEpochs: 8,
    isWarm: false,
  };
  const trunk = await trainTrunk(data, compute, { seed: 1 }, small);
  await trunk.dispose();
  return { compute, config, weights: trunk.weights, sequences: walked, random: seededRandom('tuning') };
}
