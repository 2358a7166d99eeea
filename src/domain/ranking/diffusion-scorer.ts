import type { Compute, Values } from '../graph/compute.js';
import { Graph } from '../graph/graph.js';
import { matmul } from '../graph/ops/matmul.js';
import { type Random, seededRandom } from '../random.js';
import { normaliseRows } from '../semantic-ids/normalise-rows.js';
import { DIFFREC_NOISE, interactionLatents } from './diffrec.js';
import { type DiffusionModel, itemsOf } from './diffusion-model.js';
import type { UnitItems } from './trunk-items.js';
import { itemDenoiser, toldOrNothing } from './item-denoiser.js';
import { ITEM_NOISE, NOISE_STEPS, noisedRows, reverseTimes } from './noise-schedule.js';
import { ddim, guided, posteriorMean, type PredictClean } from './reverse-process.js';
import { rowRunner, type RowRunner } from './row-runner.js';
import type { StartTrunk } from './train-codes.js';
import { trunkStateReader, type TrunkStateReader } from './trunk-states.js';

/** Imagines the next item of a person as a vector, and scores the catalogue by how near it is. */
export interface DiffusionScorer {
  readonly items: UnitItems;
  /** `samples` unit vectors per history, of different noise: (histories · samples, size). */
  imagine(histories: readonly Int32Array[], samples: number): Promise<Float32Array>;
  /** Mean cosine of the imagined vectors with every item (itemCount); zeros for an empty history. */
  score(histories: readonly Int32Array[]): Promise<Float32Array[]>;
  dispose(): Promise<void>;
}

/** Samples that a score is the mean of. */
export const SCORED_SAMPLES = 4;

/** Opens a model; `trunk` is the one it was trained on, `reader` reads its states where they are known already. */
export function diffusionScorer(
  compute: Pick<Compute, 'compile'>,
  model: DiffusionModel,
  trunk: StartTrunk | null,
  reader?: TrunkStateReader,
): DiffusionScorer {
  const items = itemsOf(model, trunk);
  const hasCondition = model.items === null;
  const opened: Opened = {
    ...{ model, items },
    states: trunk !== null && hasCondition ? (reader ?? trunkStateReader(compute, trunk)) : null,
    denoiser: rowRunner(compute, (rows) => denoisingGraph(rows, items.size, hasCondition)),
  };
  const looker = rowRunner(compute, (rows) => cosineGraph(rows, items));
  const units: Values = { units: items.rows };
  return {
    items,
    imagine: (histories, samples) => imagine(opened, histories, samples),
    async score(histories) {
      const vectors = await imagine(opened, histories, SCORED_SAMPLES);
      const means = meansOf(vectors, items.size, SCORED_SAMPLES);
      const all = await looker.run(histories.length, { vectors: means }, units);
      const { itemCount } = items;
      return histories.map(({ length }, h) =>
        length === 0 ? new Float32Array(itemCount) : all.slice(h * itemCount, (h + 1) * itemCount),
      );
    },
    async dispose() {
      await Promise.all([opened.denoiser.dispose(), looker.dispose(), opened.states?.dispose()]);
    },
  };
}

interface Opened {
  readonly model: DiffusionModel;
  readonly items: UnitItems;
  /** Null where the start itself is of the person. */
  readonly states: TrunkStateReader | null;
  readonly denoiser: RowRunner;
}

async function imagine(
  opened: Opened,
  histories: readonly Int32Array[],
  samples: number,
): Promise<Float32Array> {
  const { model, items, states } = opened;
  if (histories.length === 0) return new Float32Array(0);
  const noise = noiseOf(model.seed, histories, samples * items.size);
  const times = reverseTimes(NOISE_STEPS, model.steps);
  if (states === null) {
    const latents = repeated(interactionLatents(histories, items), items.size, samples);
    const time = new Int32Array(histories.length * samples).fill(NOISE_STEPS);
    const start = noisedRows(latents, noise, { schedule: DIFFREC_NOISE, time });
    const path = { schedule: DIFFREC_NOISE, times };
    return normaliseRows(await posteriorMean(start, path, predictor(opened, null)), items.size);
  }
  const known = (await states.read(histories)).map((x) => x * Math.sqrt(items.size));
  const condition = repeated(known, items.size, samples);
  const path = { schedule: ITEM_NOISE, times };
  return normaliseRows(await ddim(noise, path, predictor(opened, condition)), items.size);
}

/** Each history draws its own noise, named by what it holds: who else is asked about changes nothing. */
function noiseOf(seed: number, histories: readonly Int32Array[], each: number): Float32Array {
  const random = seededRandom(seed).fork('imagine');
  const noise = new Float32Array(histories.length * each);
  histories.forEach((history, h) => {
    const own: Random = random.fork(history.join(' '));
    for (let i = 0; i < each; i++) noise[h * each + i] = own.normal();
  });
  return noise;
}

function predictor({ model, items, denoiser }: Opened, condition: Float32Array | null): PredictClean {
  return async (x, t) => {
    const rows = x.length / items.size;
    const time = new Float32Array(rows).fill(t);
    if (condition === null) return denoiser.run(rows, { x, time }, model.weights);
    const told = { x, time, condition, told: new Float32Array(rows).fill(1) };
    const known = await denoiser.run(rows, told, model.weights);
    if (model.guidance === 0) return known;
    const untold = { ...told, told: new Float32Array(rows) };
    return guided(known, await denoiser.run(rows, untold, model.weights), model.guidance);
  };
}

function repeated(rows: Float32Array, size: number, samples: number): Float32Array {
  const out = new Float32Array(rows.length * samples);
  for (let row = 0; row < rows.length / size; row++) {
    const one = rows.subarray(row * size, (row + 1) * size);
    for (let s = 0; s < samples; s++) out.set(one, (row * samples + s) * size);
  }
  return out;
}

/** The mean of each `samples` rows. */
export function meansOf(vectors: Float32Array, size: number, samples: number): Float32Array {
  const out = new Float32Array(vectors.length / samples);
  for (let i = 0; i < vectors.length; i++) {
    const to = Math.floor(i / (samples * size)) * size + (i % size);
    out[to] = (out[to] as number) + (vectors[i] as number) / samples;
  }
  return out;
}

/** x, time and, where there is one, condition and told -> out (rows, size). */
function denoisingGraph(rows: number, size: number, hasCondition: boolean): Graph {
  const graph = new Graph();
  const x = graph.input('x', [rows, size]);
  const time = graph.input('time', [rows]);
  const condition = hasCondition
    ? toldOrNothing(graph, graph.input('condition', [rows, size]), graph.input('told', [rows, 1]))
    : null;
  graph.output('out', itemDenoiser({ x, time, condition }));
  return graph;
}

/** vectors (rows, size) -> out (rows, itemCount). */
function cosineGraph(rows: number, { itemCount, size }: UnitItems): Graph {
  const graph = new Graph();
  const units = graph.parameter('units', [itemCount, size], { kind: 'zeros' });
  graph.output('out', matmul(graph.input('vectors', [rows, size]), units, { transB: true }));
  return graph;
}
