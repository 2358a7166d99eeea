import type { Graph, Tensor } from '../graph/graph.js';
import { linear } from '../graph/layers/linear.js';
import { add, mul, sub } from '../graph/ops/elementwise.js';
import { silu, sqrt, square } from '../graph/ops/functions.js';
import { reduceMean } from '../graph/ops/reducing.js';

/** A block of 4 x 4 pixels is drawn anew as 16 x 16, seeing itself and its eight neighbours. */
export const ENLARGEMENT = 4;
const BLOCK = 4;
const CONTEXT = 3 * BLOCK;
export const CONTEXT_VALUES = CONTEXT * CONTEXT * 3;
const OUT = BLOCK * ENLARGEMENT;
export const BLOCK_VALUES = OUT * OUT * 3;
const HIDDEN = 384;

/**
 * Our super-resolution step: 64 -> 256 pixels. A small network on blocks made of matrix products only, which train fastest on a
 * CPU; it learns from art whose small version was spoilt like the denoiser's pictures are, so it also mends edges.
 */
export function enlarger(contexts: Tensor): Tensor {
  const h = silu(linear(contexts, 'in', HIDDEN));
  const mixed = add(h, silu(linear(h, 'mix', HIDDEN)));
  return add(
    linear(mixed, 'out', BLOCK_VALUES, { std: 0 }),
    linear(contexts, 'skip', BLOCK_VALUES, { bias: false, std: 0.002 }),
  );
}

/** Charbonnier's |x̂ - x| (the root of the square plus a little): its minimum is the median, which keeps edges, not the mean, which blurs them. */
export function enlargerLoss(graph: Graph, blocks: number): Tensor {
  const contexts = graph.input('contexts', [blocks, CONTEXT_VALUES]);
  const target = graph.input('target', [blocks, BLOCK_VALUES]);
  return reduceMean(sqrt(add(square(sub(enlarger(contexts), target)), 1e-4)));
}

export function enlargerModel(graph: Graph, blocks: number): Tensor {
  return graph.output('blocks', mul(enlarger(graph.input('contexts', [blocks, CONTEXT_VALUES])), 1));
}

/** RGB pixels in [-1, 1] to one row of context per block, row by row; outside the picture is white. */
export function contextsOf(pixels: Float32Array, width: number): Float32Array {
  const side = width / BLOCK;
  const out = new Float32Array(side * side * CONTEXT_VALUES).fill(1);
  for (let block = 0; block < side * side; block++) {
    const [top, left] = [(Math.floor(block / side) - 1) * BLOCK, ((block % side) - 1) * BLOCK];
    const [from, to] = [Math.max(left, 0), Math.min(left + CONTEXT, width)];
    for (let y = Math.max(top, 0); y < Math.min(top + CONTEXT, width); y++) {
      const row = pixels.subarray((y * width + from) * 3, (y * width + to) * 3);
      out.set(row, block * CONTEXT_VALUES + ((y - top) * CONTEXT + from - left) * 3);
    }
  }
  return out;
}

/** The block's pixels of a large picture, in the order the network writes them. */
export function blockOf(large: Float32Array, width: number, block: number): Float32Array {
  const out = new Float32Array(BLOCK_VALUES);
  eachBlockRow(width, block, (at, row) => out.set(large.subarray(at, at + OUT * 3), row * OUT * 3));
  return out;
}

/** All blocks to one picture of `width` pixels a side. */
export function assembleBlocks(blocks: Float32Array, width: number): Float32Array {
  const large = new Float32Array(width * width * 3);
  const count = (width / OUT) ** 2;
  for (let block = 0; block < count; block++) {
    eachBlockRow(width, block, (at, row) => {
      const start = block * BLOCK_VALUES + row * OUT * 3;
      large.set(blocks.subarray(start, start + OUT * 3), at);
    });
  }
  return large;
}

function eachBlockRow(width: number, block: number, visit: (at: number, row: number) => void): void {
  const side = width / OUT;
  const [top, left] = [Math.floor(block / side) * OUT, (block % side) * OUT];
  for (let row = 0; row < OUT; row++) visit(((top + row) * width + left) * 3, row);
}
