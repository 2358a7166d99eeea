import { Graph } from '../graph/graph.js';
import { reduceMean } from '../graph/ops/reducing.js';
import type { Random } from '../random.js';
import type { ItemSpace } from '../semantic-ids/item-space.js';
import { normaliseRows } from '../semantic-ids/normalise-rows.js';
import type { DenoiserLesson } from './denoiser-lesson.js';
import { squaredErrors } from './diffusion-loss.js';
import type { UnitItems } from './trunk-items.js';
import { itemDenoiser } from './item-denoiser.js';
import { noisePool } from './noise-pool.js';
import { gentleSchedule, NOISE_STEPS, noisedRows } from './noise-schedule.js';

/**
 * DiffRec (Wang et al. 2023) diffuses what a person did, not one item. This is its latent form with time weights (L- and T-DiffRec),
 * made compact: instead of a variational encoder per cluster, the interaction vector is read along the principal directions of the
 * collaborative space, z_0 = √size · unit(Vᵀ (w ∘ x)), and a restored latent scores items by V ẑ.
 */
export const DIFFREC_NOISE = gentleSchedule(NOISE_STEPS, { scale: 1, least: 0.001, most: 0.5 });

/** Weight of the oldest thing a person did beside the latest, growing linearly between (T-DiffRec's w_min and w_max). */
const [OLDEST, LATEST] = [0.1, 1];

/** The rows V: collaborative vectors, where there is text beside what its directions say. */
export function diffRecItems({ vectors, size, itemCount }: ItemSpace): UnitItems {
  return { rows: normaliseRows(vectors.slice(), size), size, itemCount };
}

/** z_0 (histories · size) of about unit variance per number; zeros for an empty history. */
export function interactionLatents(
  histories: readonly Int32Array[],
  { rows, size }: UnitItems,
): Float32Array {
  const out = new Float32Array(histories.length * size);
  histories.forEach((history, h) => {
    const latent = out.subarray(h * size, (h + 1) * size);
    history.forEach((item, i) => {
      const share = history.length === 1 ? 1 : i / (history.length - 1);
      const weight = OLDEST + share * (LATEST - OLDEST);
      for (let c = 0; c < size; c++) {
        latent[c] = (latent[c] as number) + weight * (rows[item * size + c] as number);
      }
    });
  });
  return normaliseRows(out, size).map((x) => x * Math.sqrt(size));
}

/** People of a step, and the fewest steps of an epoch: few people are met more than once in it, each time at another age. */
const [PEOPLE, FEWEST_STEPS] = [256, 50];

/** Noise on what people did, cut at a seeded moment of their history each time, so that short histories are known as well. */
export function diffRecLesson(
  sequences: readonly Int32Array[],
  items: UnitItems,
  random: Random,
): DenoiserLesson {
  const active = sequences.filter(({ length }) => length > 0);
  const pool = noisePool(PEOPLE * items.size, random.fork('noise'));
  return {
    items,
    frozen: {},
    stepsPerEpoch: Math.max(FEWEST_STEPS, Math.ceil(active.length / PEOPLE)),
    build: () => lessonGraph(items.size),
    batchAt(step) {
      const own = random.fork(`step ${step}`);
      const histories = Array.from({ length: PEOPLE }, () => {
        const whole = active[own.int(active.length)] as Int32Array;
        return whole.subarray(0, 1 + own.int(whole.length));
      });
      const clean = interactionLatents(histories, items);
      const time = Float32Array.from({ length: PEOPLE }, () => 1 + own.int(NOISE_STEPS));
      const noise = pool.cut(clean.length, own);
      return { feeds: { clean, time, noisy: noisedRows(clean, noise, { schedule: DIFFREC_NOISE, time }) } };
    },
  };
}

function lessonGraph(size: number): Graph {
  const graph = new Graph();
  const [clean, x] = [graph.input('clean', [PEOPLE, size]), graph.input('noisy', [PEOPLE, size])];
  const time = graph.input('time', [PEOPLE]);
  const restored = itemDenoiser({ x, time, condition: null });
  graph.output('loss', reduceMean(squaredErrors(clean, restored)));
  return graph;
}
