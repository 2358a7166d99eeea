import type { Compute, Values } from '../domain/graph/compute.js';
import { Graph } from '../domain/graph/graph.js';
import { conditionOf } from '../domain/imaging/condition.js';
import { denoiserModel, type DenoiserShape } from '../domain/imaging/denoiser.js';
import { fromPatches, toPatches } from '../domain/imaging/patches.js';
import type { TrainingSet } from '../domain/imaging/training-batch.js';
import { contentWords } from '../domain/imaging/words.js';
import type { Random } from '../domain/random.js';

/** Small versions of drawings, by their numbers, with the mistakes that the denoiser makes. */
export interface Spoiler {
  spoil(drawings: readonly number[], random: Random): Promise<Uint8Array[]>;
  dispose(): Promise<void>;
}

/** Earliest time from which the denoiser has to finish a drawing: before it, another thing may come out. */
const EARLIEST = 0.6;

/**
 * Lets the denoiser finish each drawing from a random time on the path, in one step. The sharpener that learns from these sees the very
 * seams and ragged edges it will meet; plain noise taught it to mend something else.
 */
export async function createSpoiler(
  compute: Compute,
  set: TrainingSet,
  { weights, shape, batch }: { weights: Values; shape: DenoiserShape; batch: number },
): Promise<Spoiler> {
  const graph = new Graph();
  denoiserModel(graph, batch, shape);
  const model = await compute.loadOnnx(compute.exportOnnx(graph, weights, ['clean']));
  return {
    async spoil(drawings, random) {
      if (drawings.length !== batch) throw new Error(`${batch} drawings wanted, got ${drawings.length}`);
      const { clean } = await model.run(noisyInputs(set, drawings, random));
      if (!(clean instanceof Float32Array)) throw new Error('the denoiser gave no pictures');
      const size = clean.length / batch;
      return drawings.map((_, i) => fromPatches(clean.subarray(i * size, (i + 1) * size), set.art.width));
    },
    dispose: () => model.dispose(),
  };
}

/** The denoiser's inputs: each drawing somewhere between noise and itself, with its label and style said. */
function noisyInputs(set: TrainingSet, drawings: readonly number[], random: Random): Values {
  const rows = drawings.map((index) => {
    const drawing = set.art.drawings[index];
    const label = set.art.concepts[drawing?.concept ?? -1]?.label ?? '';
    const said = { units: [contentWords(label).join(' ')], style: drawing?.style ?? null };
    const nothing = { taste: null, colours: [] };
    const vectorOf = (unit: string) => set.unitVectors.get(unit) ?? new Float32Array(set.dimensions);
    const t = EARLIEST + (1 - EARLIEST) * random.next();
    const x = toPatches(drawing?.pixels ?? new Uint8Array(), set.art.width).map(
      (value) => t * value + (1 - t) * random.normal(),
    );
    return {
      x,
      time: Float32Array.of(t),
      ...conditionOf({ ...said, ...nothing }, set.layout, vectorOf, set.dimensions),
    };
  });
  const stacked = (key: keyof (typeof rows)[number]) =>
    Float32Array.from(rows.flatMap((row) => [...row[key]]));
  return {
    x: stacked('x'),
    time: stacked('time'),
    text: stacked('text'),
    units: stacked('units'),
    bag: stacked('bag'),
    taste: stacked('taste'),
    palette: stacked('palette'),
  };
}
