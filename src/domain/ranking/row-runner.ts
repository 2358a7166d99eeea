import type { Compute, Executable, Values } from '../graph/compute.js';
import type { Graph } from '../graph/graph.js';
import { closeCompiled } from './close-compiled.js';

/** Runs a graph whose rows are independent over any number of rows. */
export interface RowRunner {
  /** `fed` are row-major, `rows` rows each; the graph's output comes back in the same order. */
  run(rows: number, fed: Readonly<Record<string, Float32Array>>, fixed: Values): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** A request has a few rows, a validation thousands: two compiled shapes, each compiled when it is first needed. */
const [FEW, MANY] = [16, 512];

/** `build` makes the graph for a number of rows; its output is named `out`. */
export function rowRunner(compute: Pick<Compute, 'compile'>, build: (rows: number) => Graph): RowRunner {
  const compiled = new Map<number, Promise<Executable>>();
  const open = (shape: number) => {
    const known = compiled.get(shape) ?? compute.compile(build(shape));
    compiled.set(shape, known);
    return known;
  };
  return {
    async run(rows, fed, fixed) {
      const shape = rows <= FEW ? FEW : MANY;
      const executable = await open(shape);
      let whole = new Float32Array(0); // its size is known after the first run
      for (let from = 0; from < rows; from += shape) {
        const cut = Object.entries(fed).map(([name, data]) => {
          return [name, rowsFrom(data, data.length / rows, { from, shape })] as const;
        });
        const out = (await executable.run({ ...fixed, ...Object.fromEntries(cut) }))['out'] as Float32Array;
        const width = out.length / shape;
        if (from === 0) whole = new Float32Array(rows * width);
        whole.set(out.subarray(0, Math.min(shape, rows - from) * width), from * width);
      }
      return whole;
    },
    dispose: () => closeCompiled(compiled),
  };
}

/** `shape` rows from `from` on, zeros after the last. */
function rowsFrom(data: Float32Array, width: number, { from, shape }: { from: number; shape: number }) {
  const out = new Float32Array(shape * width);
  out.set(data.subarray(from * width, (from + shape) * width));
  return out;
}
