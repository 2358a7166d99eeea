import { rankingTables } from './ranking-tables.js';

const FIGURES = {
  'tiny.A1.people': 12,
  'tiny.seeds': 3,
  'tiny.A1.popularity.R10': 0.1,
  'tiny.A1.popularity.N10': 0.05,
  'tiny.A1.popularity.history 1-5.N10': 0.04,
  'tiny.A1.history 1-5.people': 12,
  'tiny.A1.fusion.R10': 0.3,
  'tiny.A1.fusion.R10.sd': 0.01,
  'tiny.A1.fusion.N10': 0.2,
  'tiny.A1.fusion.coverage': 0.5,
  'tiny.A1.fusion.novelty': 3.25,
  'tiny.A1.fusion.gini': 0.75,
  'tiny.A1.fusion.history 1-5.N10': 0.2,
  'tiny.seconds.popularity': 2,
  'tiny.codes.uniqueRate': 0.9,
  'tiny.codes.entropy': 0.8,
};

test('mean and spread, breadth, seconds, lengths of history and use of codes', () => {
  expect(rankingTables(FIGURES).split('\n')).toEqual([
    '### tiny, A1',
    '12 people, 3 seeds, mean ± standard deviation.',
    '',
    '| | R@5 | R@10 | N@5 | N@10 | coverage | novelty | gini | seconds |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    '| popularity |  | 0.1000 |  | 0.0500 |  |  |  | 2 |',
    '| **fusion** |  | 0.3000 ± 0.0100 |  | 0.2000 | 50.0 % | 3.3 | 0.75 |  |',
    '',
    '| N@10 by history | 1-5 (12 people) |',
    '| --- | --- |',
    '| popularity | 0.0400 |',
    '| **fusion** | 0.2000 |',
    '',
    'Codes: 90.0 % of the items have a code of their own before the last digit; entropy of the levels 0.800 of 1.',
  ]);
});
