import type { Graph, Tensor } from '../graph/graph.js';
import { positionBias, positionBiasAt, timeBias } from '../graph/layers/relative-bias.js';
import { add, and, equal, where } from '../graph/ops/elementwise.js';
import { gatherRows } from '../graph/ops/indexing.js';
import { reshape } from '../graph/ops/shaping.js';

/** Hides a token from another: not -Infinity, so that an empty row stays finite. */
const HIDDEN = -1e9;

/** The part of `TrunkConfig` that attention is biased by. */
interface Biases {
  readonly heads: number;
  readonly timeBias?: boolean;
  readonly positionBias?: boolean;
}

interface Rows {
  readonly rows: number;
  readonly length: number;
}

/** What is added to the scores of all blocks: who sees whom, and what distance and time say. (rows, 1 or heads, length, length) */
export function attentionBias(graph: Graph, config: Biases, shape: Rows): Tensor {
  const { heads } = config;
  const [rows, length] = [shape.rows, shape.length];
  let bias = segmentBias(graph, shape);
  if (config.positionBias) bias = add(bias, positionBias(graph, 'positionBias', { heads, length }));
  if (config.timeBias) {
    const [asked, times] = ['asked', 'times'].map((name) => graph.input(name, [rows, length], 'i64'));
    if (asked && times) bias = add(bias, timeBias('timeBias', { asked, times }, heads));
  }
  return bias;
}

/**
 * The same for the queries at `ends` (rows), flat indices of the newest token of each row, where a row holds one sequence: that token sees
 * all that is of its sequence. (rows, 1 or heads, 1, length)
 */
export function endBias(graph: Graph, config: Biases, shape: Rows & { readonly ends: Tensor }): Tensor {
  const { heads } = config;
  const { rows, length, ends } = shape;
  const input = (name: string) => graph.input(name, [rows, length], 'i64');
  const atEnd = (x: Tensor) => gatherRows(reshape(x, [rows * length]), ends); // (rows)
  const segments = input('segments');
  const own = reshape(atEnd(segments), [rows, 1, 1, 1]);
  let bias = where(equal(own, reshape(segments, [rows, 1, 1, length])), 0, HIDDEN);
  if (config.positionBias) bias = add(bias, positionBiasAt(ends, 'positionBias', { heads, length }));
  if (config.timeBias)
    bias = add(bias, timeBias('timeBias', { asked: atEnd(input('asked')), times: input('times') }, heads));
  return bias;
}

/** A token sees itself and what came before it in its own sequence: (rows, 1, length, length). */
function segmentBias(graph: Graph, { rows, length }: Rows): Tensor {
  const segments = graph.input('segments', [rows, length], 'i64');
  const same = equal(reshape(segments, [rows, 1, length, 1]), reshape(segments, [rows, 1, 1, length]));
  const causal = Uint8Array.from({ length: length ** 2 }, (_, i) =>
    i % length <= Math.floor(i / length) ? 1 : 0,
  );
  return where(and(same, graph.constant(causal, [1, 1, length, length])), 0, HIDDEN);
}
