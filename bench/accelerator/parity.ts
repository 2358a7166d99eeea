import type { Compute, Values } from '../../src/domain/graph/compute.js';
import { Graph } from '../../src/domain/graph/graph.js';
import { denoiserModel, type DenoiserShape } from '../../src/domain/imaging/denoiser.js';
import { groupClassifier } from '../../src/domain/imaging/group-classifier.js';
import { sharpenerModel } from '../../src/domain/imaging/sharpener.js';
import type { Reference } from './reference-file.js';

export interface Networks {
  readonly denoiser: Values;
  readonly sharpener: Values;
  readonly classifier: Values;
  readonly shape: DenoiserShape;
  readonly groups: number;
}

/** What our runtime may differ from the machine that trained, in parts of the largest output. */
export const TOLERANCE = 1e-4;

/** The largest difference of each output from the reference, in parts of its largest value. Sampled references hold each n-th value. */
export async function differences(
  compute: Compute,
  { denoiser, sharpener, classifier, shape, groups }: Networks,
  reference: Reference,
): Promise<Record<string, number>> {
  const rows = (name: string) => reference.get(name)?.shape[0] ?? 1;
  const side = reference.get('sharpener/small')?.shape[3] ?? 1;
  const networks = [
    ['denoiser', denoiser, (graph: Graph) => void denoiserModel(graph, rows('denoiser/x'), shape)],
    ['sharpener', sharpener, (graph: Graph) => void sharpenerModel(graph, 1, side)],
    ['classifier', classifier, (graph: Graph) => classifierModel(graph, rows('classifier/x'), groups)],
  ] as const;
  const found: Record<string, number> = {};
  for (const [name, weights, build] of networks) {
    const graph = new Graph();
    build(graph);
    const model = await compute.loadOnnx(compute.exportOnnx(graph, weights));
    const feeds = model.inputs.map(
      ({ name: input }) => [input, wanted(reference, `${name}/${input}`)] as const,
    );
    const made = await model.run(Object.fromEntries(feeds));
    for (const [output, values] of Object.entries(made))
      found[`${name}/${output}`] = difference(values, wanted(reference, `${name}/${output}`));
    await model.dispose();
  }
  return found;
}

/** The judge for a batch: outputs `features` and `scores`. */
export function classifierModel(graph: Graph, batch: number, groups: number): void {
  const { features, scores } = groupClassifier(graph.input('x', [batch, 3, 64, 64]), groups);
  graph.output('features', features);
  graph.output('scores', scores);
}

function wanted(reference: Reference, name: string): Float32Array {
  const tensor = reference.get(name);
  if (!tensor) throw new Error(`the reference lacks ${name}`);
  return tensor.data;
}

function difference(made: ArrayLike<number>, expected: Float32Array): number {
  const stride = made.length / expected.length;
  let [most, largest] = [0, 0];
  expected.forEach((value, i) => {
    most = Math.max(most, Math.abs(value - (made[i * stride] ?? NaN)));
    largest = Math.max(largest, Math.abs(value));
  });
  return most / largest;
}
