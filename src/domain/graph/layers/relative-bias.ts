import { type Graph, type Tensor } from '../graph.js';
import { nth } from '../op-rule.js';
import { add, cast, less, maximum, minimum, mul, sub, where } from '../ops/elementwise.js';
import { log } from '../ops/functions.js';
import { gatherRows } from '../ops/indexing.js';
import { reshape, transpose } from '../ops/shaping.js';

/** (1, heads, length, length): one learned number per head and distance i - j (Raffel et al. 2020), 0 at the start. */
export function positionBias(
  graph: Graph,
  name: string,
  { heads, length }: { heads: number; length: number },
): Tensor {
  const table = graph.parameter(`${name}.weight`, [length, heads], { kind: 'zeros' });
  const distances = Int32Array.from({ length: length ** 2 }, (_, i) =>
    Math.max(0, Math.floor(i / length) - (i % length)),
  );
  return byHeads(gatherRows(table, graph.constant(distances, [1, length, length])));
}

/** The same for one query of each row, at the flat index that `ends` (rows) names: (rows, heads, 1, length). */
export function positionBiasAt(
  ends: Tensor,
  name: string,
  { heads, length }: { heads: number; length: number },
): Tensor {
  const { graph } = ends;
  const rows = nth(ends.shape, 0);
  const table = graph.parameter(`${name}.weight`, [length, heads], { kind: 'zeros' });
  const places = Int32Array.from({ length: rows * length }, (_, i) => i);
  const apart = sub(reshape(ends, [rows, 1, 1]), graph.constant(places, [rows, 1, length]));
  return byHeads(gatherRows(table, cast(maximum(cast(apart, 'f32'), 0), 'i64')));
}

/** (rows, queries, keys, heads) -> (rows, heads, queries, keys). */
const byHeads = (bias: Tensor): Tensor => transpose(bias, [0, 3, 1, 2]);

/** Bucket 0 is "not known"; the last one begins at 4.4 years. */
export const TIME_BUCKETS = 64;
/** Buckets per unit of ln: each is 1.35 times as wide as the one before, as in HSTU. */
const BUCKETS_PER_E = 1 / 0.301;

/**
 * HSTU's relative time bias (Zhai et al. 2024): one learned number per head and bucket of ln(1 + seconds) from what happened (keys)
 * to when the next thing is asked for (queries). `asked` and `times` (rows, length) are whole seconds, i64, since a float counts
 * single seconds up to half a year only. A negative gap means that times are not known and adds nothing that was learned. `asked` may
 * hold fewer queries than there are keys. -> (rows, heads, queries, length).
 */
export function timeBias(
  name: string,
  { asked, times }: { asked: Tensor; times: Tensor },
  heads: number,
): Tensor {
  const [rows, length] = [nth(times.shape, 0), nth(times.shape, 1)];
  const apart = sub(reshape(asked, [rows, -1, 1]), reshape(times, [rows, 1, length]));
  const gap = cast(apart, 'f32'); // (rows, queries, length)
  const grown = mul(log(maximum(add(gap, 1), 1)), BUCKETS_PER_E);
  const bucket = where(less(gap, 0), 0, minimum(add(grown, 1), TIME_BUCKETS - 1));
  const table = times.graph.parameter(`${name}.weight`, [TIME_BUCKETS, heads], { kind: 'zeros' });
  return byHeads(gatherRows(table, cast(bucket, 'i64')));
}
