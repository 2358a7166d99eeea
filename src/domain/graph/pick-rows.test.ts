import { Graph, type Tensor } from './graph.js';
import { initialValues } from './initial-values.js';
import { interpret } from './interpreter.js';
import { causalBias } from './layers/attention.js';
import { gatedBlock, hstuBlock } from './layers/gated-block.js';
import { layerNormOf } from './layers/norm.js';
import { type BlockOptions, transformerBlock } from './layers/transformer-block.js';
import { gatherRows } from './ops/indexing.js';
import { reduceSum } from './ops/reducing.js';
import { reshape } from './ops/shaping.js';
import { pickRows } from './pick-rows.js';
import { schedule } from './schedule.js';
import { sizeOf } from './shape.js';

const [ROWS, LENGTH, WIDTH] = [2, 20, 8];
const AT = Int32Array.of(19, 39, 3);

type Block = (x: Tensor, name: string, options: BlockOptions) => Tensor;

/** Two blocks and a last norm over a random input, flat. */
function states(block: Block, heads: number) {
  const graph = new Graph();
  const bias = causalBias(graph, LENGTH);
  let x = graph.parameter('x', [ROWS, LENGTH, WIDTH], { kind: 'normal', std: 1 });
  for (let b = 0; b < 2; b++) x = block(x, `block${b}`, { heads, bias });
  return { graph, flat: reshape(layerNormOf(x, 'final'), [ROWS * LENGTH, WIDTH]) };
}

/** Multiplications of all matrix products that an output needs. */
function multiplications(output: Tensor): number {
  return schedule(output.graph, [output])
    .filter(({ op }) => op === 'matmul')
    .reduce((sum, { inputs, outputs }) => {
      const inner = inputs[0]?.shape.at(-1) ?? NaN;
      return sum + sizeOf(outputs[0]?.shape ?? []) * inner;
    }, 0);
}

test.each([
  ['transformer', transformerBlock, 1],
  ['transformer of two heads', transformerBlock, 2],
  ['gated', gatedBlock, 2],
  ['hstu', hstuBlock, 2],
] as const)('rows of a %s are the same picked early or late, and early is cheaper', (_, block, heads) => {
  const { graph, flat } = states(block, heads);
  const at = graph.constant(AT);
  const [late, early] = [gatherRows(flat, at), pickRows(flat, at)];
  const [want, got] = interpret(graph, [late, early], initialValues(graph, 1));
  expect(early.shape).toEqual([AT.length, WIDTH]);
  got?.forEach((value, i) => expect(value).toBeCloseTo(want?.[i] ?? NaN, 9));
  expect(multiplications(early)).toBeLessThan(multiplications(late));
});

test('what mixes rows is computed before it is picked from', () => {
  const graph = new Graph();
  const x = graph.parameter('x', [4, 3], { kind: 'normal', std: 1 });
  const summed = reduceSum(x, { axes: [0], keepDims: true });
  const at = graph.constant(Int32Array.of(0));
  const [want, got] = interpret(
    graph,
    [gatherRows(summed, at), pickRows(summed, at)],
    initialValues(graph, 2),
  );
  expect([...(got ?? [])]).toEqual([...(want ?? [])]);
});
