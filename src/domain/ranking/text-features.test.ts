import { textFeatures } from './text-features.js';

test('items that share rare words are closer than items that share common ones', () => {
  const { vectors, size } = textFeatures([
    { text: 'Red nail polish shimmer', attributes: ['OPI'] },
    { text: 'Shimmer nail polish, blue', attributes: ['OPI'] },
    { text: 'Nail clipper of steel', attributes: ['Zwilling'] },
    { text: 'Nail file', attributes: ['Zwilling'] },
  ]);
  const similarity = (a: number, b: number) => {
    let sum = 0;
    for (let c = 0; c < size; c++) sum += (vectors[a * size + c] ?? NaN) * (vectors[b * size + c] ?? NaN);
    return sum;
  };
  expect(similarity(0, 0)).toBeCloseTo(1, 4);
  expect(similarity(0, 1)).toBeGreaterThan(similarity(0, 2) + 0.2);
  expect(similarity(2, 3)).toBeGreaterThan(similarity(1, 3) + 0.1);
});
