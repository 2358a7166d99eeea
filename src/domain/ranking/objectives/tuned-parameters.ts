import type { Values } from '../../graph/compute.js';
import type { Graph } from '../../graph/graph.js';
import { add } from '../../graph/ops/elementwise.js';
import { matmul } from '../../graph/ops/matmul.js';

/** Which numbers of a trained trunk a second stage may move. */
export const TUNING_EXTENTS = ['all', 'small', 'low-rank'] as const;
export type TuningExtent = (typeof TUNING_EXTENTS)[number];

/** Rank of the adapters: Hu et al. 2022 gain little from more; of a matrix of 64 x 64 it moves an eighth of the numbers. */
export const RANK = 4;

const VECTOR = /\.(gain|shift|bias)$/;
const [DOWN, UP, BASE] = ['.down', '.up', '.base'];

/** `all` parameters; `small`: gains, shifts, biases and the last block; `low-rank`: the adapters that `addAdapters` puts in. */
export function tunedParameters(extent: TuningExtent, blocks: number): (name: string) => boolean {
  if (extent === 'all') return () => true;
  if (extent === 'low-rank') return (name) => name.endsWith(DOWN) || name.endsWith(UP);
  return (name) => VECTOR.test(name) || name.startsWith(`block${blocks - 1}.`);
}

/** The matrices of the blocks; item and position tables stay as they are. */
const isAdapted = (name: string) => name.startsWith('block') && name.endsWith('.weight');

/** LoRA (Hu et al. 2022): W = W₀ + D U with W₀ frozen, D (in, rank), U (rank, out). U starts at 0, so that the model starts as it was. */
export function addAdapters(graph: Graph): void {
  for (const [name, { tensor }] of [...graph.parameters]) {
    if (!isAdapted(name)) continue;
    const [from, to] = tensor.shape as [number, number];
    const base = graph.parameter(name + BASE, [from, to], { kind: 'zeros' });
    const down = graph.parameter(name + DOWN, [from, RANK], { kind: 'normal', std: 1 / Math.sqrt(from) });
    const up = graph.parameter(name + UP, [RANK, to], { kind: 'zeros' });
    graph.derive(tensor, add(base, matmul(down, up)));
  }
}

/** The frozen W₀ of each adapted matrix. */
export function adapterBases(weights: Values): Values {
  const adapted = Object.entries(weights).filter(([name]) => isAdapted(name));
  return Object.fromEntries(adapted.map(([name, matrix]) => [name + BASE, matrix]));
}

/** Weights with the adapters multiplied into their matrices: the plain trunk again, at no cost when it answers. */
export function foldAdapters(weights: Values): Values {
  const folded: Values = {};
  for (const [name, data] of Object.entries(weights)) {
    if ([DOWN, UP, BASE].some((ending) => name.endsWith(ending))) continue;
    const [base, down, up] = [BASE, DOWN, UP].map((ending) => weights[name + ending]);
    folded[name] = base && down && up ? folding(base, down, up) : data;
  }
  return folded;
}

function folding(base: Values[string], down: Values[string], up: Values[string]): Float32Array {
  const [from, to] = [down.length / RANK, up.length / RANK];
  const out = Float32Array.from(base);
  for (let i = 0; i < from; i++) {
    for (let r = 0; r < RANK; r++) {
      const factor = down[i * RANK + r] as number;
      for (let j = 0; j < to; j++)
        out[i * to + j] = (out[i * to + j] as number) + factor * (up[r * to + j] as number);
    }
  }
  return out;
}
