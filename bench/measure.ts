import type { Compute } from '../src/domain/graph/compute.js';
import { Graph } from '../src/domain/graph/graph.js';
import { matmul } from '../src/domain/graph/ops/matmul.js';
import { seededRandom } from '../src/domain/random.js';

/** Milliseconds of each of some runs, one after the other. */
export async function timesOf(times: number, run: (i: number) => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    await run(i);
    taken.push(performance.now() - start);
  }
  return taken;
}

/** The value that a share of the others stay below: 0.5 is the median, which one disturbed run does not move. */
export function quantile(values: readonly number[], share: number): number {
  const ascending = [...values].sort((a, b) => a - b);
  return ascending[Math.min(ascending.length - 1, Math.floor(share * ascending.length))] ?? NaN;
}

/** What this machine can do at best, in billions of operations a second: one large square product. */
export async function measurePeak(compute: Compute, seed: number): Promise<number> {
  const n = 1536;
  const g = new Graph();
  g.output('c', matmul(g.input('a', [n, n]), g.input('b', [n, n])));
  const product = await compute.compile(g);
  const random = seededRandom(seed);
  const matrix = Float32Array.from({ length: n * n }, () => random.next());
  const into = { c: new Float32Array(n * n) };
  const ms = quantile(await timesOf(9, () => product.run({ a: matrix, b: matrix }, into)), 0.5);
  await product.dispose();
  return (2 * n ** 3) / ms / 1e6;
}
