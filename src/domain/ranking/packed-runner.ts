import type { Compute, Executable, Values } from '../graph/compute.js';
import type { Graph } from '../graph/graph.js';
import { packSequences, type PackedRows, type PackShape } from './pack-sequences.js';

export type RunShape = Required<PackShape>;
type ShapeName = 'one' | 'few' | 'many';

/** Runs a graph over histories of any number and length. */
export interface PackedRunner {
  /** Calls `take` with each packed batch and the graph's outputs for it; row i of an output belongs to place i. */
  run(
    histories: readonly Int32Array[],
    feedsOf: (packed: PackedRows) => Values,
    take: (packed: PackedRows, values: Values) => void,
  ): Promise<void>;
  dispose(): Promise<void>;
}

/**
 * Three compiled shapes of one graph, each compiled when it is first needed: a single history (a request), a few long ones (an
 * explanation leaves each item out once), many short ones (evaluation).
 */
export function packedRunner(
  compute: Pick<Compute, 'compile'>,
  history: number,
  build: (shape: RunShape) => Graph,
): PackedRunner {
  const shapes: Record<ShapeName, RunShape> = {
    one: { rows: 1, length: history, most: 1 },
    few: { rows: 8, length: history, most: 8 },
    many: { rows: Math.max(4, Math.ceil(1024 / history)), length: history, most: 128 },
  };
  const compiled = new Map<ShapeName, Promise<Executable>>();
  const open = (name: ShapeName) => {
    const known = compiled.get(name) ?? compute.compile(build(shapes[name]));
    compiled.set(name, known);
    return known;
  };
  return {
    async run(histories, feedsOf, take) {
      const name = shapeFor(histories, shapes);
      const [executable, shape] = [await open(name), shapes[name]];
      for (const packed of packSequences(histories, shape)) {
        const ends = new Int32Array(shape.most);
        packed.places.forEach(({ last }, i) => (ends[i] = last));
        const { positions, segments } = packed;
        take(packed, await executable.run({ ...feedsOf(packed), positions, segments, ends }));
      }
    },
    async dispose() {
      const open = [...compiled.values()];
      compiled.clear(); // at once: who asks from now on gets a session of their own
      for (const executable of open) await (await executable).dispose();
    },
  };
}

/** `many` pays when a batch of it would be at least half full of histories; its scores are computed for all 128 places. */
function shapeFor(histories: readonly Int32Array[], { few, many }: Record<ShapeName, RunShape>): ShapeName {
  if (histories.length <= 1) return 'one';
  if (histories.length <= few.most) return 'few';
  const tokens = histories.reduce((sum, { length }) => sum + Math.min(length, many.length), 0);
  const fitting = (many.rows * many.length) / Math.max(1, tokens / histories.length);
  return fitting >= many.most / 2 ? 'many' : 'few';
}
