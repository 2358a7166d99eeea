import { gradients } from './gradients.js';
import { Graph } from './graph.js';
import { interpret } from './interpreter.js';
import { add, mul, stopGradient } from './ops/elementwise.js';
import { gatherRows } from './ops/indexing.js';
import { reduceSum } from './ops/reducing.js';
import { schedule } from './schedule.js';

const values = (...numbers: number[]) => ({ kind: 'values', values: Float32Array.from(numbers) }) as const;

test('nothing flows through stopGradient, and an unused parameter gets zeros', () => {
  const g = new Graph();
  const a = g.parameter('a', [2], values(2, 3));
  const unused = g.parameter('unused', [3], values(1, 1, 1));
  const loss = reduceSum(add(mul(stopGradient(a), a), stopGradient(mul(a, 7))));
  const [da, dUnused] = interpret(g, gradients(g, loss, [a, unused]), { a: [2, 3] });
  expect([...(da ?? [])]).toEqual([2, 3]);
  expect([...(dUnused ?? [])]).toEqual([0, 0, 0]);
});

test('lookups in one table scatter into one gradient instead of making a table each', () => {
  const g = new Graph();
  const table = g.parameter('table', [1000, 4], { kind: 'zeros' });
  const rows = [0, 1, 2].map((i) => gatherRows(table, g.constant(Int32Array.of(i, i))));
  const [dTable] = gradients(g, reduceSum(rows.reduce((a, b) => add(a, b))), [table]);
  if (!dTable) throw new Error('no gradient');
  const ops = schedule(g, [dTable]).map(({ op }) => op);
  expect(ops.filter((op) => op === 'scatterRowsAdd')).toHaveLength(3);
  expect(ops.filter((op) => op === 'add')).toHaveLength(0);
});

test('a loss that is not a scalar is refused', () => {
  const g = new Graph();
  const a = g.parameter('a', [2], values(2, 3));
  expect(() => gradients(g, a, [a])).toThrow(/scalar/);
});

test('one name with two shapes is refused', () => {
  const g = new Graph();
  g.parameter('a', [2], values(2, 3));
  expect(() => g.parameter('a', [3], values(2, 3, 4))).toThrow(/a is 2, asked for 3/);
});
