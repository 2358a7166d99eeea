import { type Graph, type TensorData } from './graph.js';
import { type DType, type Shape } from './shape.js';

/** Values by name. `i64` tensors travel as Int32Array, `bool` as Uint8Array of 0 and 1. */
export type Values = Record<string, TensorData>;

export interface Port {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** A compiled graph. Runs may not overlap: await one before the next. */
export interface Executable {
  /** What a run must be fed: the inputs and unbound parameters that the outputs depend on. */
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** `into` receives the outputs it names, in place, and saves their allocation and copy; it must not share memory with `feeds`. */
  run(feeds: Values, into?: Values): Promise<Values>;
  dispose(): Promise<void>;
}

export interface CompileOptions {
  /** Names of the graph's outputs to compute; all of them when left out. */
  outputs?: readonly string[];
  /** Threads of one run; the implementation's own default (all cores) when left out. */
  threads?: number;
  /** Sources whose values never change: they become part of what is compiled, which is then free to lay them out anew. */
  constants?: Values;
}

/** Runs graphs. ONNX Runtime for work, the reference interpreter for truth. */
export interface Compute {
  compile(graph: Graph, options?: CompileOptions): Promise<Executable>;
  /** A self-contained model: the graph's outputs as a function of its inputs, `parameters` baked in. */
  exportOnnx(graph: Graph, parameters: Values, outputs?: readonly string[]): Uint8Array;
  loadOnnx(bytes: Uint8Array, options?: { threads?: number }): Promise<Executable>;
}
