import { spreadFound } from './spread-found.js';

test('what was found keeps its probability, the rest shares what is left, and all sums to one', () => {
  const found = [
    { item: 2, logProb: Math.log(0.5) },
    { item: 0, logProb: Math.log(0.3) },
  ];
  const scores = spreadFound(found, 6);
  expect(scores[2]).toBeCloseTo(Math.log(0.5), 6);
  expect(scores[1]).toBeCloseTo(Math.log(0.05), 6);
  expect(scores.reduce((sum, x) => sum + Math.exp(x), 0)).toBeCloseTo(1, 5);
});

test('nothing that was not found stands above what was', () => {
  const scores = spreadFound([{ item: 0, logProb: Math.log(0.01) }], 3);
  expect(scores[1]).toBeCloseTo(Math.log(0.01), 5);
});
