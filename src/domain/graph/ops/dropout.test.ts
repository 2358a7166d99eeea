import { Graph } from '../graph.js';
import { interpret } from '../interpreter.js';
import { dropout, MASK_COUNT } from './dropout.js';

const n = 20_000;

function masks(offset: number, rate: number): number[][] {
  const g = new Graph();
  const x = g.input('x', [n]);
  const wanted = [dropout(x, rate), dropout(x, rate)];
  const feeds = { x: new Float64Array(n).fill(1), 'dropout.offset': [offset] };
  return interpret(g, wanted, feeds).map((y) => [...y]);
}

const mean = (numbers: readonly number[]) => numbers.reduce((sum, v) => sum + v, 0) / numbers.length;

test.each([0.1, 0.3, 0.5])('rate %d zeroes that share and keeps the expectation', (rate) => {
  const [y = []] = masks(17, rate);
  expect(mean(y.map((v) => Number(v === 0)))).toBeCloseTo(rate, 1.7);
  expect(mean(y)).toBeCloseTo(1, 1.5);
});

test('places and steps draw masks that agree no more than chance', () => {
  const [[a = [], b = []], [c = []]] = [masks(17, 0.5), masks(170_017, 0.5)];
  const agreement = (other: readonly number[]) => mean(a.map((v, i) => Number(v === other[i])));
  expect(agreement(b)).toBeCloseTo(0.5, 1.5);
  expect(agreement(c)).toBeCloseTo(0.5, 1.5);
});

test('the same offset gives the same masks, up to the last', () => {
  expect(masks(MASK_COUNT - 1, 0.3)).toEqual(masks(MASK_COUNT - 1, 0.3));
});

test('rate 0 adds nothing to the graph', () => {
  const x = new Graph().input('x', [2]);
  expect(dropout(x, 0)).toBe(x);
});
