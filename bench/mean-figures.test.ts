import { meanFigures } from './mean-figures.js';

test('the mean of each figure, with the sample deviation beside it', () => {
  const runs = [{ a: 1, b: 5 }, { a: 2, b: 5 }, { a: 6 }];
  expect(meanFigures(runs)).toEqual({ a: 3, 'a.sd': Math.sqrt(7), b: 5, 'b.sd': 0 });
});

test('one run has no deviation', () => {
  expect(meanFigures([{ a: 4 }])).toEqual({ a: 4 });
});
